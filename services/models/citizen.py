"""The people who come to the counter. They hold no account; their data stays where they came."""

from django.db import models

from orgs.fields import BlindIndexField, EncryptedTextField, TailField, blind_index
from orgs.masking import mask_address, mask_id, mask_name, mask_phone
from orgs.models import Organization


class CitizenQuerySet(models.QuerySet):
    def visible_to(self, user):
        from services.models.status import REGISTRARS

        return self.filter(organization__in=Organization.objects.in_reach_of(user, *REGISTRARS))

    def with_number(self, number):
        """Exact match of a telephone or id number, through the blind index."""
        index = blind_index(number)
        return self.filter(models.Q(phone_index=index) | models.Q(id_index=index))


class Citizen(models.Model):
    """Personal data, level 2 (个人信息保护法): shown masked, read in full with a reason, logged."""

    organization = models.ForeignKey(
        Organization, models.PROTECT, related_name="citizens", verbose_name="登记组织"
    )
    name = models.CharField("姓名", max_length=40)
    phone = EncryptedTextField("联系电话", blank=True)
    phone_index = BlindIndexField(source="phone")
    phone_tail = TailField(source="phone")
    id_number = EncryptedTextField("身份证号", blank=True)
    id_index = BlindIndexField(source="id_number")
    id_tail = TailField(source="id_number")
    address = models.CharField("住址", max_length=120, blank=True)
    is_vulnerable = models.BooleanField("困难群体", default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CitizenQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "群众"

    def __str__(self):
        return mask_name(self.name)

    @property
    def masked(self) -> dict[str, str]:
        """What a page may show without a reason."""
        return {
            "name": mask_name(self.name),
            "phone": mask_phone(self.phone),
            "id_number": mask_id(self.id_number),
            "address": mask_address(self.address),
        }

    @classmethod
    def known(cls, *, organization, name, phone, **details):
        """The person of this name and telephone at this counter, brought up to date, or new."""
        person = None
        if phone:
            person = cls.objects.filter(
                organization=organization, name=name, phone_index=blind_index(phone)
            ).first()
        if person is None:
            return cls.objects.create(organization=organization, name=name, phone=phone, **details)
        for field, value in details.items():
            if value:
                setattr(person, field, value)
        person.save()
        return person
