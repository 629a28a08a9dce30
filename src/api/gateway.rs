//! A gateway before the systems that lets nothing through: met here, or heard of from another tab. Not here: when it
//! is looked at again, and what the person is told (`app::gateway`).

use super::open_tabs::{GATEWAY_OPEN, GATEWAY_SHUT};
use super::{RestClient, System, connections};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Why a gateway before the systems lets nothing through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Barrier {
    /// It no longer knows the person.
    SignIn,
    /// It takes no request with so many cookies.
    Headers,
}

impl RestClient {
    /// The gateway before a system lets nothing through. Where that is the page's own, nothing of any system gets
    /// through, in no tab; another server's only keeps from that server.
    pub(super) fn meet_gateway(&self, system: System, barrier: Barrier) {
        if system.is_at_the_main_base() {
            let is_news = self.gateway.get_untracked().is_none();
            self.gateway.set(Some((system, barrier)));
            if is_news {
                self.tell_of_gateway(GATEWAY_SHUT, barrier);
            }
        } else if barrier == Barrier::Headers {
            self.too_large_at.set(Some(system));
        }
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
                None if is_shut => self.gateway.set(Some((System::main(), Barrier::SignIn))),
                Some((_, Barrier::SignIn)) if !is_shut => spawn_local(self.look_at_gateway()),
                _ => {}
            }
        }
        true
    }
}
