from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

HARMLESS = {"csrfmiddlewaretoken", "next"}


class StrictForm(forms.Form):
    """The base of every form that writes: nothing beside its own fields, each at most once."""

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or self.cleaned_data
        unknown = set(self.data) - set(self.fields) - HARMLESS
        repeated = [name for name in self.fields if hasattr(self.data, "getlist") and len(self.data.getlist(name)) > 1]
        if unknown or repeated:
            raise ValidationError(
                _("This form was sent with something unexpected. Please load the page again and repeat."),
                code="unexpected",
            )
        return cleaned


class SealedForm(StrictForm):
    """The base of forms that leave an entry in the record; the number (nonce) a browser sends makes it its own."""

    nonce = forms.CharField(required=False, validators=[RegexValidator(r"\A[0-9a-f]{32}\Z")], widget=forms.HiddenInput)
