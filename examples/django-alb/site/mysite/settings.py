import os
import shutil
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
ON_LAMBDA = "LAMBDA_TASK_ROOT" in os.environ

SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "only for trying it out")
DEBUG = not ON_LAMBDA
# The load balancer's health checks have no Host header, and arrive as "localhost".
ALLOWED_HOSTS = ["*"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "guestbook.apps.GuestbookConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "mysite.urls"
WSGI_APPLICATION = "mysite.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASE = Path(os.environ.get("DATABASE_FILE", BASE_DIR / "db.sqlite3"))
if ON_LAMBDA and "DATABASE_FILE" not in os.environ:
    # The bundle cannot be written to. Each environment starts with a copy of its own, which ends with it:
    # enough to try the admin out. stack-with-database.ts has a site that keeps its data.
    DATABASE = Path(shutil.copyfile(DATABASE, "/tmp/guestbook.sqlite3"))
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATABASE}}
if "DATABASE_HOST" in os.environ:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": os.environ["DATABASE_HOST"],
        "NAME": os.environ["DATABASE_NAME"],
        "USER": os.environ["DATABASE_USER"],
        "PASSWORD": os.environ["DATABASE_PASSWORD"],
        "OPTIONS": {"sslmode": "require"},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sessions in cookies, since environments share no database.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"

# Below the stage of a REST API it is /prod/static/: Django settles this while it starts, before it has seen a request.
STATIC_URL = os.environ.get("DJANGO_STATIC_URL", "/static/")
WHITENOISE_STATIC_PREFIX = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
USE_TZ = True
