from django.urls import path

from services.views import (
    categories,
    drafts,
    guide,
    handling,
    intake,
    items,
    progress,
    requests,
)

app_name = "services"
urlpatterns = [
    path("requests/", requests.requests, name="requests"),
    path("requests/export/", requests.export, name="export"),
    path("requests/new/", intake.register, name="register"),
    path("requests/new/citizen/", intake.citizen_hint, name="citizen_hint"),
    path("requests/new/item/", intake.item_hint, name="item_hint"),
    path("requests/new/drafts/", drafts.drafts, name="drafts"),
    path("requests/new/drafts/<int:pk>/", drafts.draft, name="draft"),
    path("requests/new/drafts/<int:pk>/discard/", drafts.discard, name="draft_discard"),
    path("requests/<int:pk>/", handling.detail, name="request"),
    path("requests/<int:pk>/unmask/", handling.unmask, name="unmask"),
    path("requests/<int:pk>/receipt/", handling.receipt, name="receipt"),
    path("requests/<int:pk>/attach/", handling.attach, name="attach"),
    path("requests/<int:pk>/files/<int:file_pk>/", handling.attachment, name="attachment"),
    path("requests/<int:pk>/do/<slug:verb>/", handling.act, name="act"),
    path("items/", items.items, name="items"),
    path("items/export/", items.export, name="items_export"),
    path("items/new/", items.create, name="item_new"),
    path("items/<int:pk>/", items.detail, name="item"),
    path("items/<int:pk>/edit/", items.edit, name="item_edit"),
    path("items/<int:pk>/switch/", items.switch, name="item_switch"),
    path("categories/", categories.categories, name="categories"),
    path("categories/new/", categories.create, name="category_new"),
    path("categories/<int:pk>/edit/", categories.edit, name="category_edit"),
    path("categories/import/", categories.import_file, name="category_import"),
    # Public: no account, no menu.
    path("guide/", guide.guide, name="guide"),
    path("guide/<int:pk>/", guide.guide_item, name="guide_item"),
    path("progress/", progress.query, name="query"),
    path("progress/<str:number>/<str:code>/", progress.progress, name="progress"),
    path("progress/<str:number>/<str:code>/evaluate/", progress.evaluate, name="evaluate"),
]
