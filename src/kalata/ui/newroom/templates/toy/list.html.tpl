{% extends "ui/base.html" %}{% block title %}{% translate "Toy" %}{% endblock %}
{% block content %}<div class="head"><div><h1>{% translate "Toy" %}</h1></div></div>
<form method="post" class="read">{% csrf_token %}{% include "ui/_field.html" with field=form.title %}
<p class="mt3"><button class="btn" name="act" value="add">{% translate "Ajouter" %}</button></p></form>
{% if page.object_list %}<ul class="list">{% for one in page %}<li id="r{{ one.pk }}">{% icon "doc" %}
<div><p class="t">{{ one.title }}</p><p class="mute small">{{ one.by.full_name }}, {{ one.at|date }}</p></div>
{% if one.state == "open" %}<form method="post" class="end">{% csrf_token %}
<input type="hidden" name="record" value="{{ one.pk }}">
<button class="btn sec s" name="act" value="close">{% translate "Clore" %}</button></form>{% endif %}</li>{% endfor %}</ul>
{% include "ui/_pager.html" %}{% else %}<p class="empty">{% translate "Aucune fiche." %}</p>{% endif %}
{% endblock %}
