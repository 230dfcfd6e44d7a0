from django.http import HttpRequest, HttpResponse
def home(request: HttpRequest, *a, **k) -> HttpResponse: return HttpResponse("")
set_language=appearance=accessibility=codes=health=not_found=fault=home
