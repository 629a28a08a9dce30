//! A provider that speaks for many tenants (Microsoft Entra's v2.0) describes itself at one address for all of them, and
//! calls itself by a template there: `https://login.microsoftonline.com/{tenantid}/v2.0`. Only its tokens say which
//! tenant somebody is of. So the file names those whose people are let in; without that such a provider is refused.

use super::OpenIdConnect;

/// What stands in the place of a tenant.
pub(crate) const PLACE: &str = "{tenantid}";

impl OpenIdConnect {
    /// Whether a provider that calls itself so is the one that the file names: by its very name, or, where the file names
    /// tenants, by that name with their place for one step of it.
    pub fn is_called(&self, said: &str) -> bool {
        if self.tenants.is_empty() {
            return said == self.issuer;
        }
        let step = said.split_once(PLACE).and_then(|(before, behind)| {
            self.issuer.strip_prefix(before)?.strip_suffix(behind).filter(|_| !behind.contains(PLACE))
        });
        step.is_some_and(|step| !step.is_empty() && !step.contains('/'))
    }
}

/// Whether a provider speaks for many tenants under this name.
pub fn has_place_for_tenant(issuer: &str) -> bool {
    issuer.contains(PLACE)
}

/// By what such a provider's tokens name it for one tenant.
pub fn issuer_of_tenant(template: &str, tenant: &str) -> String {
    template.replace(PLACE, tenant)
}

/// A tenant's id, as tokens write it.
pub(crate) fn tenant(text: &str) -> Result<String, &'static str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if text.is_empty() {
        Err("a tenant\u{2019}s id is due here.")
    } else if !text.bytes().all(is_plain) || text.starts_with('.') {
        Err("a tenant\u{2019}s id has letters without accents, digits, dashes, dots and underscores alone.")
    } else {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_of_many_tenants_is_known_by_its_template() {
        let provider = |issuer: &str, tenants: &[&str]| OpenIdConnect {
            issuer: issuer.to_owned(),
            tenants: tenants.iter().map(|&one| one.to_owned()).collect(),
            ..OpenIdConnect::default()
        };
        let entra = "https://login.microsoftonline.com/organizations/v2.0";
        let template = "https://login.microsoftonline.com/{tenantid}/v2.0";
        let of_tenants = provider(entra, &["8f3c"]);
        assert!(of_tenants.is_called(template));
        assert!(provider("https://id.example/all", &["a"]).is_called("https://id.example/{tenantid}"));
        for said in [
            entra,
            "https://login.microsoftonline.com/8f3c/v2.0",
            "https://login.microsoftonline.com/{tenantid}/v2.0/",
            "https://login.microsoftonline.com/{tenantid}/v1.0",
            "https://login.microsoftonline.com/{tenantId}/v2.0",
            "https://login.microsoftonline.com/{tenantid}",
            "https://login.microsoftonline.com/{tenantid}{tenantid}/v2.0",
            "https://{tenantid}/v2.0",
            "https://evil.example/{tenantid}/v2.0",
            "{tenantid}",
            "",
        ] {
            assert!(!of_tenants.is_called(said), "{said}");
        }
        // Without tenants a template is a name as any other, and no issuer in the file can be one.
        assert!(!provider(entra, &[]).is_called(template));
        assert!(provider(entra, &[]).is_called(entra));
        assert!(has_place_for_tenant(template) && !has_place_for_tenant(entra));
        assert_eq!(issuer_of_tenant(template, "8f3c"), "https://login.microsoftonline.com/8f3c/v2.0");
    }
}
