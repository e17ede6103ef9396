"""Forms by which a picture or document is uploaded: into the clinic's collection, unless said, and
without tags (`cms.admin.tags`).
"""

from typing import Any

from wagtail.admin.forms.collections import BaseCollectionMemberForm
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.forms import BaseImageForm

from cms.models import ClinicFiles


class Uploading(BaseCollectionMemberForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        user = kwargs.get("user")
        super().__init__(*args, **kwargs)
        self.fields.pop("tags", None)
        if self.instance.pk is None and "collection" in self.fields and user is not None:
            own = ClinicFiles.objects.filter(clinic=user.clinic_id).first()
            if own is not None:
                self.initial["collection"] = own.collection_id


class ImageForm(Uploading, BaseImageForm):
    pass


class DocumentForm(Uploading, BaseDocumentForm):
    pass
