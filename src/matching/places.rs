//! Where a run of lines occurs among others.

/// The places at which a run of lines occurs, from left to right, in linear time (Knuth, Morris, Pratt).
pub(super) struct Places<'a> {
    needle: &'a [u32],
    haystack: &'a [u32],
    /// For each prefix of the needle, the length of its longest border.
    borders: Vec<usize>,
    at: usize,
    matched: usize,
    only: Option<Option<usize>>,
}

impl<'a> Places<'a> {
    pub(super) fn new(
        needle: &'a [u32],
        haystack: &'a [u32],
        from: usize,
        at_start: bool,
        at_end: bool,
    ) -> Self {
        let last = haystack.len().checked_sub(needle.len()).filter(|&place| place >= from);
        let fits = |place: usize| haystack.get(place..place + needle.len()) == Some(needle);
        let only = match (at_start, at_end) {
            (false, false) => None,
            (true, false) => Some(Some(0).filter(|&place| fits(place))),
            (false, true) => Some(last.filter(|&place| fits(place))),
            (true, true) => Some(last.filter(|&place| place == 0 && fits(place))),
        };
        let mut borders = vec![0; needle.len()];
        let mut length = 0;
        for at in 1..needle.len() {
            while length > 0 && needle[at] != needle[length] {
                length = borders[length - 1];
            }
            if needle[at] == needle[length] {
                length += 1;
            }
            borders[at] = length;
        }
        Self { needle, haystack, borders, at: from, matched: 0, only }
    }
}

impl Iterator for Places<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        if let Some(only) = &mut self.only {
            return only.take();
        }
        if self.needle.is_empty() {
            let at = self.at;
            self.only = Some(None);
            return Some(at);
        }
        while let Some(class) = self.haystack.get(self.at) {
            while self.matched > 0 && self.needle[self.matched] != *class {
                self.matched = self.borders[self.matched - 1];
            }
            if self.needle[self.matched] == *class {
                self.matched += 1;
            }
            self.at += 1;
            if self.matched == self.needle.len() {
                self.matched = self.borders[self.matched - 1];
                return Some(self.at - self.needle.len());
            }
        }
        None
    }
}
