//! A gateway before the systems that lets nothing through: met here, or heard of from another tab. Not here: when it
//! is looked at again, and what the person is told (`app::gateway`).

use super::call::is_own_page;
use super::open_tabs::{GATEWAY_OPEN, GATEWAY_SHUT};
use super::{RestClient, System, connections};
use gloo_net::http::RequestBuilder;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{AbortSignal, RequestCache, RequestCredentials, RequestRedirect, ResponseType};

/// How long it is waited for a file of the page, in milliseconds.
const TIME_LIMIT: u32 = 10_000;

/// Why a gateway before the systems lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// It no longer knows the person.
    SignIn,
    /// It takes no request with headers of this size.
    Headers(LargeHeaders),
}

/// What makes headers too large, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LargeHeaders {
    Cookies,
    /// The access token, of so many bytes: without it a call gets through.
    Token(usize),
    /// No cookie can be seen, and the token is not large: it may be a cookie that no page sees, or the token all the same,
    /// or the address, where it is long, of so many bytes.
    Unclear {
        address: Option<usize>,
    },
}

impl LargeHeaders {
    /// What helps.
    pub fn words(self) -> String {
        match self {
            Self::Cookies => "The cookies of this site have piled up. Sign out at the gateway, or delete the cookies of this site in the browser\u{2019}s settings.".to_owned(),
            Self::Token(bytes) => format!(
                "The access token takes {bytes} bytes. Requests get through without it, and not with it. Whoever runs the identity provider can make tokens smaller (fewer groups and claims), or whoever runs the server can let headers be larger."
            ),
            Self::Unclear { address: None } => "The cookies of this site may have piled up, though this page sees none, or the access token is too large for the server. Sign out at the gateway, or delete the cookies of this site in the browser\u{2019}s settings; where that does not help, whoever runs the server can let headers be larger.".to_owned(),
            Self::Unclear { address: Some(bytes) } => format!(
                "The address of {bytes} bytes may be too long, the cookies of this site may have piled up, though this page sees none, or the access token is too large for the server. Ask for fewer values at once; where that does not help, sign out at the gateway, or delete the cookies of this site in the browser\u{2019}s settings, and whoever runs the server can let headers be larger."
            ),
        }
    }
}

impl RestClient {
    /// The gateway before a system lets a call to this path not through. Where that is the page's own, nothing of any
    /// system gets through, in no tab; another server's only keeps from that server. What stands below a base of its own
    /// may be another server: there the page's own gateway is told by what it keeps back of the page.
    pub(super) async fn meet_gateway(&self, system: System, path: &str, barrier: Barrier) {
        let is_everywhere = match barrier {
            Barrier::SignIn if !system.is_at_the_pages_origin(path) => false,
            Barrier::SignIn => system.is_at_the_main_base() || is_page_kept_back().await,
            Barrier::Headers(_) => system.is_at_the_main_base(),
        };
        if is_everywhere {
            let is_news = self.gateway.get_untracked().is_none();
            self.gateway.set(Some((system, barrier)));
            if is_news {
                self.find_door(system);
                self.tell_of_gateway(GATEWAY_SHUT, barrier);
            }
        } else if let Barrier::Headers(by) = barrier {
            self.too_large_at.set(Some((system, by)));
        }
    }

    /// Finds what leads to the gateway's own page: this page where it stands before that too, else the system.
    fn find_door(self, system: System) {
        self.gateway_door.set("/".to_owned());
        spawn_local(async move {
            if system.is_at_the_pages_origin(system.first_path()) && !is_page_kept_back().await {
                self.gateway_door.set(system.door());
            }
        });
    }

    /// Looks whether calls get through again, where they did not.
    pub async fn look_at_gateway(self) {
        let Some((system, barrier)) = self.gateway.try_get_untracked().flatten() else { return };
        if self.is_let_through(system, barrier).await && self.gateway.get_untracked().is_some() {
            self.gateway.set(None);
            self.tell_of_gateway(GATEWAY_OPEN, barrier);
        }
    }

    /// Whether headers are too large depends on what a tab sends, so each finds out by itself.
    fn tell_of_gateway(&self, news: &str, barrier: Barrier) {
        if barrier == Barrier::SignIn {
            // A tab that was opened before connections.json changed may stand behind another gateway.
            self.tell_open_tabs(news, &connections().identity());
        }
    }

    /// Takes another tab's word as a hint: sends nothing until this tab has looked itself, and looks itself before
    /// anything is sent again. Says whether the news was of a gateway.
    pub(super) fn hear_of_gateway(self, news: &str, about: &str) -> bool {
        let is_shut = match news {
            GATEWAY_SHUT => true,
            GATEWAY_OPEN => false,
            _ => return false,
        };
        if about == connections().identity() {
            match self.gateway.get_untracked() {
                None if is_shut => {
                    // What is behind the page's own gateway tells when it opens.
                    let is_behind = |system: &System| system.is_at_the_pages_origin(system.first_path());
                    if let Some(system) = System::existing().find(is_behind) {
                        self.find_door(system);
                        self.gateway.set(Some((system, Barrier::SignIn)));
                    }
                }
                Some((_, Barrier::SignIn)) if !is_shut => spawn_local(self.look_at_gateway()),
                _ => {}
            }
        }
        true
    }
}

/// Whether a file of this page's own is kept back from it, as by a gateway that no longer knows the person. Where nobody
/// answers, that is not known.
pub(super) async fn is_page_kept_back() -> bool {
    let asked = RequestBuilder::new("/connections.json")
        .cache(RequestCache::NoStore)
        .credentials(RequestCredentials::SameOrigin)
        .redirect(RequestRedirect::Manual)
        .abort_signal(Some(&AbortSignal::timeout_with_u32(TIME_LIMIT)))
        .header("Accept", "application/json")
        .send();
    let Ok(answer) = asked.await else { return false };
    if answer.type_() == ResponseType::Opaqueredirect || matches!(answer.status(), 401 | 403) {
        return true;
    }
    let is_marked = |body: &[u8]| body.trim_ascii_start().starts_with(b"<") && !is_own_page(body);
    answer.ok() && answer.binary().await.is_ok_and(|body| is_marked(&body))
}
