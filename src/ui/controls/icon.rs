//! Line icons, drawn on a 16 px grid. They decorate a word that is always there, so a screen reader
//! passes over them.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IconName {
    Alert,
    Batches,
    Bucket,
    Calendar,
    Changes,
    Check,
    Clock,
    Close,
    Cloud,
    Dot,
    Down,
    Events,
    Import,
    Info,
    Keyboard,
    Lock,
    Mark,
    More,
    Next,
    Previous,
    Refresh,
    Save,
    Search,
    SignOut,
    Theme,
    Unfold,
    Up,
    View,
}

impl IconName {
    fn path(self) -> &'static str {
        match self {
            Self::Alert => "M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.5v.1",
            Self::Batches => "M2.5 4.5 8 2l5.5 2.5L8 7ZM2.5 8 8 10.5 13.5 8M2.5 11.3 8 13.8l5.5-2.5",
            Self::Bucket => "M2.6 4.2h10.8L12 13.8H4ZM2.6 4.2c1.4-2.4 9.4-2.4 10.8 0M3.2 8h9.6",
            Self::Calendar => "M2.4 3.6h11.2v10H2.4ZM2.4 6.8h11.2M5.4 2v3M10.6 2v3",
            Self::Changes => "M2.4 5.2h9.4M9.2 2.6l2.6 2.6-2.6 2.6M13.6 10.8H4.2M6.8 8.2l-2.6 2.6 2.6 2.6",
            Self::Check => "M2.8 8.4 6.4 12l6.8-7.6",
            Self::Clock => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 4.6V8l2.4 1.6",
            Self::Close => "M3.6 3.6l8.8 8.8M12.4 3.6l-8.8 8.8",
            Self::Cloud => "M4.6 12.4a3 3 0 0 1 .2-6 3.9 3.9 0 0 1 7.4 1.2 2.5 2.5 0 0 1-.6 4.8Z",
            Self::Dot => "M8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6Z",
            Self::Down => "M3.6 6 8 10.4 12.4 6",
            Self::Events => "M2 3.4h12M2 8h12M2 12.6h12M5.6 3.4v9.2",
            Self::Import => "M8 2v7.6M4.8 6.6 8 9.8l3.2-3.2M2.4 10.6v3h11.2v-3",
            Self::Info => "M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 0 0 8 1.8ZM8 7.2v3.6M8 5v.1",
            Self::Keyboard => "M1.8 4.2h12.4v7.6H1.8ZM4.4 6.8h.1M7 6.8h.1M9.6 6.8h.1M12 6.8h.1M5 9.4h6",
            Self::Lock => "M3.6 7.2h8.8v6.2H3.6ZM5.4 7.2V5a2.6 2.6 0 0 1 5.2 0v2.2",
            Self::Mark => "M2 13.5h12M3.5 13.5V8.6M8 13.5V2.5M12.5 13.5V5.8",
            Self::More => "M3.4 8h.1M8 8h.1M12.6 8h.1",
            Self::Next => "M6 3.6 10.4 8 6 12.4",
            Self::Previous => "M10 3.6 5.6 8l4.4 4.4",
            Self::Refresh => "M13.2 8a5.2 5.2 0 1 1-1.6-3.8M13.4 2v2.8h-2.8",
            Self::Save => "M8 2.2v8M4.8 7 8 10.2 11.2 7M2.6 13.4h10.8",
            Self::Search => "M7 2.2a4.8 4.8 0 1 0 0 9.6 4.8 4.8 0 0 0 0-9.6ZM10.5 10.5l3.3 3.3",
            Self::SignOut => "M6.2 2.4H2.8v11.2h3.4M10 4.8 13.2 8 10 11.2M13 8H6.4",
            Self::Theme => "M8 1.8a6.2 6.2 0 1 0 0 12.4ZM8 1.8a6.2 6.2 0 0 1 0 12.4",
            Self::Up => "M3.6 10.4 8 6l4.4 4.4",
            Self::View => "M2 4.4h7M12.4 4.4H14M2 11.6h1.6M7 11.6h7M10.6 2.8v3.2M5.4 10v3.2",
            Self::Unfold => "M3.6 6 8 10.4 12.4 6",
        }
    }
}

#[component]
pub fn Icon(name: IconName) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d=name.path()></path>
        </svg>
    }
}
