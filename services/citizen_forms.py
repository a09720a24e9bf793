"""What citizens write on the public pages, after the answer and about it."""

from django import forms

LONGEST = 1000


class AdditionForm(forms.Form):
    text = forms.CharField(
        label="想补充的话",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="比如后来有没有真正解决。只能追评一次，提交后不能修改。",
    )


class ComplaintForm(forms.Form):
    text = forms.CharField(
        label="投诉内容",
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="写清什么时间、哪个窗口或哪位人员、什么事不满意。",
    )
