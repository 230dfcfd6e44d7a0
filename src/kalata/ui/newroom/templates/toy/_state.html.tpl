{% if row.state == "open" %}<form method="post">{% csrf_token %}<input type="hidden" name="record" value="{{ row.pk }}">
<button class="btn sec s" name="act" value="close">{% translate "Clore" %}</button></form>{% else %}{% translate "close" %}{% endif %}
