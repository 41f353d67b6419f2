//! Forms that several actions have alike: the version that was shown, and a reason or nothing more.

/// Declares such forms: what each holds, the function that it asks, and `leaves` where its sender does not see the case
/// any more once it is done. Whether the role may is looked at before the version, and goes on record.
macro_rules! simple_forms {
    ($(
        $(#[doc = $doc:literal])*
        $form:ident { version $(, $reason:ident)? } => $ask:ident $(, $leaves:ident)?;
    )*) => {$(
        $(#[doc = $doc])*
        #[derive(Default, Deserialize)]
        #[serde(default)]
        pub(super) struct $form {
            version: Version,
            $($reason: String,)?
        }

        impl CaseForm for $form {
            async fn send(
                self,
                office: &Office,
                viewer: &Viewer,
                number: &CaseNumber,
            ) -> Result<(), OfficeError> {
                let version = self.version.or_none();
                casework::$ask(office, viewer, number, version $(, &self.$reason)?).await
            }

            $(fn $leaves(&self, _viewer: &Viewer) -> bool {
                true
            })?
        }
    )*};
}
