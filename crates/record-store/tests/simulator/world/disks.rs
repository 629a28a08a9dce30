//! What happens to the disk of a browser: it takes nothing for a while, everything on it is deleted, tabs
//! hear of it sooner or later, and open it again.

use super::World;

impl World {
    pub(super) fn something_happens_to_a_disk(&mut self, tab: usize) -> Result<(), String> {
        let browser = self.tabs[tab].browser;
        match self.dice.below(6) {
            0 => {
                let disk = &mut self.browsers[browser].disk;
                disk.fails ^= true;
                disk.ever_failed = true;
                let fails = disk.fails;
                self.coverage.count(if fails { "a disk begins to fail" } else { "a disk works again" });
                self.tell(|_| format!("the disk of browser {browser} fails: {fails}"));
                Ok(())
            }
            1 if self.dice.once_in(2) => {
                let tabs = &self.tabs;
                self.browsers[browser].delete_disk(|tab| tabs[tab].is_alive);
                self.coverage.count("a disk was deleted");
                self.tell(|_| format!("the disk of browser {browser} is deleted"));
                Ok(())
            }
            2 => {
                let disk = self.browsers[browser].disk;
                if self.tabs[tab].has_disk.is_some_and(|deleted| disk.fails || deleted != disk.deleted) {
                    self.coverage.count("a tab heard that its disk was gone");
                    self.tell(|_| format!("tab {tab} hears that its disk is gone"));
                    self.tabs[tab].loses_disk();
                }
                Ok(())
            }
            _ => self.disk_heals(tab),
        }
    }

    /// A tab whose disk can be opened again opens it, and writes down what is not on it.
    pub(super) fn disk_heals(&mut self, tab: usize) -> Result<(), String> {
        let disk = self.browsers[self.tabs[tab].browser].disk;
        if disk.fails || self.tabs[tab].has_disk == Some(disk.deleted) {
            return Ok(());
        }
        let it = &mut self.tabs[tab];
        it.loses_disk();
        it.finds_disk(&self.browsers[it.browser]);
        self.coverage.count("a tab opened its disk again");
        self.tell(|_| format!("tab {tab} opens its disk again"));
        Ok(())
    }
}
