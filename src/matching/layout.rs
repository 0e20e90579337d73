//! Whether the gaps of lines that agree otherwise are as wide as they must be.
//!
//! In a table whose values have other widths today, columns begin elsewhere; each of them moves as
//! one. Everywhere else the width of a run of blanks is a claim.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use unicode_width::UnicodeWidthStr;

use super::line::Gap;

/// A line of the page and the line of the screen that stands for it, tabs expanded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    pub(super) expected: &'a str,
    pub(super) expected_gaps: &'a [Gap],
    pub(super) actual: &'a str,
    pub(super) actual_gaps: &'a [Gap],
}

/// What a block has besides these rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// Whether lines are left out.
    pub(super) has_elision: bool,
    /// The screen lines that an elision stands for.
    pub(super) elided: &'a [&'a str],
}

impl Row<'_> {
    /// Whether some gap is wider or narrower than on the page.
    pub(super) fn differs(&self) -> bool {
        let widths = |gaps: &[Gap]| gaps.iter().map(|gap| gap.width).collect::<Vec<_>>();
        self.expected_gaps.len() != self.actual_gaps.len()
            || self.expected_gaps.iter().zip(self.actual_gaps).any(|(a, b)| a.width != b.width)
                && widths(self.expected_gaps) != widths(self.actual_gaps)
    }
}

/// A cell after a gap: where it begins and ends on the page and on the screen, in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cell {
    row: usize,
    /// Which of the row's columns it is in.
    column: usize,
    /// Where the cell before the gap begins on the page.
    left: usize,
    starts: (usize, usize),
    ends: (usize, usize),
    widths: (usize, usize),
    after_token: bool,
    before_token: bool,
}

impl Cell {
    fn has_moved(&self) -> bool {
        self.widths.0 != self.widths.1
    }

    fn by_token(&self) -> bool {
        self.after_token || self.before_token
    }

    /// Whether it stands elsewhere, or its gap has another width.
    fn has_changed(&self) -> bool {
        self.has_moved() || self.starts.0 != self.starts.1
    }

    fn is_column(&self) -> bool {
        self.widths.0 > 1
    }
}

/// The rows whose gaps are false. Rows are in the order of the page; a table ends at a blank line.
pub(super) fn false_rows(rows: &[Row<'_>], around: Surroundings<'_>) -> Vec<usize> {
    if !rows.iter().any(Row::differs) {
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let mut from = 0;
    for table in rows.split(|row| row.expected.trim().is_empty()) {
        if table.iter().any(Row::differs) {
            wrong.extend(table_of(table, around).into_iter().map(|row| row + from));
        }
        from += table.len() + 1;
    }
    wrong
}

fn table_of(rows: &[Row<'_>], around: Surroundings<'_>) -> Vec<usize> {
    let table = Table::new(rows);
    let has_free_column = table.cells.iter().any(|cell| cell.by_token() && cell.is_column());
    let elided = Elided::new(around.elided);
    let mut wrong: Vec<usize> = table
        .cells
        .iter()
        .filter(|cell| cell.has_moved())
        .filter(|cell| {
            if cell.by_token() {
                return table.goes_to_another_column(cell);
            }
            let has_columns = || table.columns_of(cell.row).nth(1).is_some();
            let is_table = has_free_column || (around.has_elision && has_columns());
            let moves = match table.moves_with_others(cell) {
                Some(moves) => moves,
                None => table.is_pushed(cell) || (around.has_elision && elided.has(cell) && has_columns()),
            };
            !(is_table && moves)
        })
        .map(|cell| cell.row)
        .collect();
    wrong.dedup();
    wrong
}

fn cells(row: usize, of: &Row<'_>) -> Vec<Cell> {
    let ends = |text: &str, gaps: &[Gap], at: usize| {
        let gap = gaps[at];
        let start = gap.start + gap.width;
        let next = gaps[at + 1..].iter().find(|next| next.width > 1);
        let end = next.map_or(text.trim_end().len(), |next| next.start);
        (text.get(..start).unwrap_or(text).width(), text.get(..end).unwrap_or(text).width())
    };
    let mut number = 0;
    let mut column = of.expected.len() - of.expected.trim_start().len();
    of.expected_gaps
        .iter()
        .zip(of.actual_gaps)
        .enumerate()
        .map(|(at, (expected, actual))| {
            let left = column;
            number += usize::from(expected.width > 1);
            let on_page = ends(of.expected, of.expected_gaps, at);
            let on_screen = ends(of.actual, of.actual_gaps, at);
            if expected.width > 1 {
                column = on_page.0;
            }
            Cell {
                row,
                column: number,
                left,
                starts: (on_page.0, on_screen.0),
                ends: (on_page.1, on_screen.1),
                widths: (expected.width, actual.width),
                after_token: expected.after_token,
                before_token: expected.before_token,
            }
        })
        .collect()
}

/// How far from its column a cell may stand in a table that was aligned by hand.
const BY_HAND: usize = 2;

/// The cells of all rows, and where those that are columns stand: on the page and on the screen.
struct Table {
    cells: Vec<Cell>,
    /// Which of the cells are a row's.
    rows: Vec<Range<usize>>,
    starts: Edges,
    ends: Edges,
    /// The rows whose cell is moved by a volatile token in the cell before, by where that cell begins.
    pushed_after: HashMap<usize, Rows>,
    /// The rows whose cell is moved by a volatile token, by its column and where it begins.
    pushed_in: HashMap<(usize, usize), Rows>,
    /// The rows whose cell is free to move, by its column and where it stands on the page and on the screen.
    free: HashMap<(usize, (usize, usize)), Rows>,
}

impl Table {
    fn new(rows: &[Row<'_>]) -> Self {
        let mut table = Self {
            cells: Vec::new(),
            rows: Vec::with_capacity(rows.len()),
            starts: Edges::default(),
            ends: Edges::default(),
            pushed_after: HashMap::new(),
            pushed_in: HashMap::new(),
            free: HashMap::new(),
        };
        for (at, row) in rows.iter().enumerate() {
            let from = table.cells.len();
            table.cells.extend(cells(at, row));
            table.rows.push(from..table.cells.len());
        }
        for cell in table.cells.iter().filter(|cell| cell.is_column()) {
            table.starts.add(cell.starts);
            table.ends.add(cell.ends);
            if cell.by_token() {
                Rows::add(table.free.entry((cell.column, cell.starts)), cell.row);
            }
            if cell.by_token() && cell.has_changed() {
                if cell.after_token {
                    Rows::add(table.pushed_after.entry(cell.left), cell.row);
                }
                Rows::add(table.pushed_in.entry((cell.column, cell.starts.0)), cell.row);
            }
        }
        table
    }

    /// The cells of a row that are columns.
    fn columns_of(&self, row: usize) -> impl Iterator<Item = &Cell> {
        self.cells[self.rows[row].clone()].iter().filter(|cell| cell.is_column())
    }

    /// How many of all columns `count` says, without those of a cell's own row.
    fn others(&self, cell: &Cell, all: usize, is: impl Fn(&Cell) -> bool) -> usize {
        all - self.columns_of(cell.row).filter(|own| is(own)).count()
    }

    /// Whether the cells of other rows that begin, or end, in the same column have moved as this one
    /// has; `None` if no other row has a cell there.
    fn moves_with_others(&self, cell: &Cell) -> Option<bool> {
        let along = |edges: &Edges, side: fn(&Cell) -> (usize, usize)| {
            let mine = side(cell);
            let there = self.others(cell, edges.on_page(mine.0), |own| side(own).0 == mine.0);
            let moved = self.others(cell, edges.of(mine), |own| side(own) == mine);
            (there > 0).then_some(there == moved)
        };
        match (along(&self.starts, |cell| cell.starts), along(&self.ends, |cell| cell.ends)) {
            (None, None) => None,
            (starts, ends) => Some(starts == Some(true) || ends == Some(true)),
        }
    }

    /// Whether a volatile token in another row pushes a cell that stands alone in its column: by the
    /// column before, where all other rows have nothing in this one, or in a table that was aligned by
    /// hand. There, a token may also stand where it stood, since two columns changed by as much.
    fn is_pushed(&self, cell: &Cell) -> bool {
        let near = |column: usize| column.saturating_sub(BY_HAND)..=column + BY_HAND;
        let other = |rows: Option<&Rows>| rows.is_some_and(|rows| rows.other_than(cell.row));
        near(cell.left).any(|left| other(self.pushed_after.get(&left)))
            || near(cell.starts.0).any(|start| {
                other(self.pushed_in.get(&(cell.column, start)))
                    || other(self.free.get(&(cell.column, (start, cell.starts.1))))
            })
    }

    /// Whether a cell stands under another column than on the page: the cells that it stood with on the
    /// page are together elsewhere, and where it is now are those of another column.
    fn goes_to_another_column(&self, cell: &Cell) -> bool {
        let (page, screen) = cell.starts;
        let stayed = self.others(cell, self.starts.of(cell.starts), |own| own.starts == cell.starts);
        let left = self.others(cell, self.starts.on_page(page), |own| own.starts.0 == page) > stayed;
        let joined = self.others(cell, self.starts.on_screen(screen), |own| own.starts.1 == screen) > stayed;
        left && joined && self.others(cell, self.ends.of(cell.ends), |own| own.ends == cell.ends) == 0
    }
}

/// How many cells have an edge in a column of the page, of the screen, and both.
#[derive(Default)]
struct Edges {
    page: HashMap<usize, usize>,
    screen: HashMap<usize, usize>,
    both: HashMap<(usize, usize), usize>,
}

impl Edges {
    fn add(&mut self, edge: (usize, usize)) {
        *self.page.entry(edge.0).or_default() += 1;
        *self.screen.entry(edge.1).or_default() += 1;
        *self.both.entry(edge).or_default() += 1;
    }

    fn on_page(&self, column: usize) -> usize {
        self.page.get(&column).copied().unwrap_or(0)
    }

    fn on_screen(&self, column: usize) -> usize {
        self.screen.get(&column).copied().unwrap_or(0)
    }

    fn of(&self, edge: (usize, usize)) -> usize {
        self.both.get(&edge).copied().unwrap_or(0)
    }
}

/// The rows that have something: whether it is only one, and which.
enum Rows {
    One(usize),
    More,
}

impl Rows {
    fn add<K>(entry: Entry<'_, K, Self>, row: usize) {
        match entry {
            Entry::Vacant(vacant) => drop(vacant.insert(Self::One(row))),
            Entry::Occupied(mut occupied) => {
                if !matches!(occupied.get(), Self::One(known) if *known == row) {
                    occupied.insert(Self::More);
                }
            }
        }
    }

    fn other_than(&self, row: usize) -> bool {
        !matches!(self, Self::One(known) if *known == row)
    }
}

/// The columns in which the cells of lines that are left out begin and end.
struct Elided {
    starts: HashSet<usize>,
    ends: HashSet<usize>,
}

impl Elided {
    fn new(lines: &[&str]) -> Self {
        let (mut starts, mut ends) = (HashSet::new(), HashSet::new());
        for line in lines {
            let mut column = 0;
            for part in line.trim_end().split("  ") {
                let text = part.trim_start();
                if !text.is_empty() {
                    starts.insert(column + part.width() - text.width());
                    ends.insert(column + part.trim_end().width());
                }
                column += part.width() + 2;
            }
        }
        Self { starts, ends }
    }

    fn has(&self, cell: &Cell) -> bool {
        self.starts.contains(&cell.starts.1) || self.ends.contains(&cell.ends.1)
    }
}

#[cfg(test)]
mod tests {
    use crate::matching::{Bindings, Comparison, Elisions, Rules, Supplied, compare};

    fn passes(expected: &str, screen: &str) -> bool {
        let expected: Vec<&str> = expected.lines().collect();
        let screen: Vec<String> = screen.lines().map(str::to_owned).collect();
        let (elisions, supplied) = (Elisions::default(), Supplied::default());
        let rules = Rules::new(&elisions, &supplied);
        matches!(compare(&expected, 1, &screen, rules, &mut Bindings::default()), Comparison::Match(_))
    }

    #[test]
    fn a_table_moves_as_one() {
        let page = "NAME     STATUS         PORTS\nweb      Up 2 minutes   80/tcp";
        assert!(passes(page, "NAME     STATUS             PORTS\nweb      Up About an hour   80/tcp"));
        assert!(passes(page, "NAME   STATUS         PORTS\nweb    Up 2 minutes   80/tcp"));
        assert!(!passes(page, "NAME     STATUS           PORTS\nweb      Up 2 minutes   80/tcp"));
        assert!(!passes(page, "NAME   STATUS         PORTS\nweb      Up 2 minutes   80/tcp"));
    }

    #[test]
    fn a_column_that_is_empty_is_pushed_by_the_one_before() {
        let page =
            "ID   STATUS                     PORTS     NAMES\n1    Exited (0) 2 seconds ago             cat";
        assert!(passes(
            page,
            "ID   STATUS                              PORTS     NAMES\n1    Exited (0) Less than a second ago             cat"
        ));
        assert!(!passes(
            page,
            "ID   STATUS                     PORTS     NAMES\n1    Exited (0) 2 seconds ago   cat"
        ));
    }

    #[test]
    fn a_table_aligned_by_hand_may_move_by_nothing() {
        let page = concat!(
            "COMMAND                  CREATED          STATUS\n",
            "\"catalina.sh run\"       19 seconds ago   Exited (143) 1 second ago"
        );
        assert!(passes(
            page,
            concat!(
                "COMMAND             CREATED              STATUS\n",
                "\"catalina.sh run\"   About a minute ago   Exited (143) 1 second ago"
            )
        ));
        assert!(!passes(
            page,
            concat!(
                "COMMAND             CREATED               STATUS\n",
                "\"catalina.sh run\"   About a minute ago   Exited (143) 1 second ago"
            )
        ));
    }

    #[test]
    fn elsewhere_the_width_of_blanks_is_a_claim() {
        for (page, screen) in [
            ("a   b", "a    b"),
            ("3:    image: x\n4:    ports:", "3:  image: x\n4:    ports:"),
            ("web-1  |   key: v", "web-1  |     key: v"),
            ("+    return 1", "+        return 1"),
            ("error: x\n  a  ^\n...", "error: x\n  a   ^\nend"),
            ("1  services:\n2    web:\n...\n9    db:", "1  services:\n2      web:\n3\n9    db:"),
            ("3:    image: nginx:1.25.3\n4:    ports:", "3:  image: nginx:1.25.3\n4:  ports:"),
            ("a\tb", "a    b"),
            ("name   n\na      1", "name     n\na        1"),
            ("10:00:00  start\nkey   value", "11:30:00  start\nkey     value"),
        ] {
            assert!(!passes(page, screen), "{page:?} {screen:?}");
        }
    }

    #[test]
    fn rows_left_out_may_have_been_wider() {
        let page = "NAME   KIND   USE\na      b      c\n...";
        assert!(passes(page, "NAME     KIND   USE\na        b      c\nlonger   bb     cc"));
        assert!(!passes(page, "NAME     KIND   USE\na      b      c\nlonger   bb     cc"));
        assert!(passes("NAME   KIND   USE\n...", "NAME     KIND   USE\nlonger   bb     cc"));
    }
}
