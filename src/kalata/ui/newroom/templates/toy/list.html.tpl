{% extends "ui/base.html" %}{% block title %}{% translate "Toy" %}{% endblock %}
{% block content %}<div class="head"><div><h1>{% translate "Toy" %}</h1></div></div>
<form method="post" class="read">{% csrf_token %}{% include "ui/_field.html" with field=form.title %}
<p class="mt3"><button class="btn" name="act" value="add">{% translate "Ajouter" %}</button></p></form>
{% include "ui/_list.html" %}{% endblock %}
