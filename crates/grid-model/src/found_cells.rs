/// The cells of a list that hold what was looked for, in the order in which they are read: along the rows.
#[derive(Clone, Debug, Default)]
pub struct FoundCells {
    /// Rows with their columns, the first one in the lowest bit; a list shows no more than 64.
    rows: Vec<(usize, u64)>,
    cells: usize,
}

/// A cell by its row and its column.
pub type CellPlace = (usize, usize);

impl FoundCells {
    /// Adds a row's columns. Rows come from the top to the bottom.
    pub fn add(&mut self, row: usize, columns: u64) {
        if columns != 0 {
            self.rows.push((row, columns));
            self.cells += columns.count_ones() as usize;
        }
    }

    /// Puts what was found in rows above all these before them.
    pub fn put_before(&mut self, mut above: FoundCells) {
        above.rows.append(&mut self.rows);
        *self = FoundCells { rows: above.rows, cells: above.cells + self.cells };
    }

    pub fn len(&self) -> usize {
        self.cells
    }

    pub fn is_empty(&self) -> bool {
        self.cells == 0
    }

    /// The first one at a cell or behind it.
    pub fn at_or_behind(&self, (row, column): CellPlace) -> Option<CellPlace> {
        let at = self.rows.partition_point(|(other, _)| *other < row);
        let in_row = self.rows.get(at).filter(|(other, _)| *other == row);
        if let Some(columns) =
            in_row.map(|(_, columns)| columns & !bits_before(column)).filter(|left| *left != 0)
        {
            return Some((row, columns.trailing_zeros() as usize));
        }
        let (row, columns) = self.rows.get(at + usize::from(in_row.is_some()))?;
        Some((*row, columns.trailing_zeros() as usize))
    }

    /// The last one before a cell.
    pub fn before(&self, (row, column): CellPlace) -> Option<CellPlace> {
        let at = self.rows.partition_point(|(other, _)| *other < row);
        let in_row = self.rows.get(at).filter(|(other, _)| *other == row);
        let last = |columns: u64| 63 - columns.leading_zeros() as usize;
        if let Some(columns) =
            in_row.map(|(_, columns)| columns & bits_before(column)).filter(|left| *left != 0)
        {
            return Some((row, last(columns)));
        }
        let (row, columns) = self.rows.get(at.checked_sub(1)?)?;
        Some((*row, last(*columns)))
    }

    /// How many stand before a cell that is one of them.
    pub fn place(&self, (row, column): CellPlace) -> Option<usize> {
        let at = self.rows.partition_point(|(other, _)| *other < row);
        let (_, columns) = self.rows.get(at).filter(|(other, _)| *other == row)?;
        let is_one = column < 64 && columns & (1 << column) != 0;
        let above: u32 = self.rows.get(..at)?.iter().map(|(_, columns)| columns.count_ones()).sum();
        is_one.then(|| (above + (columns & bits_before(column)).count_ones()) as usize)
    }
}

fn bits_before(column: usize) -> u64 {
    if column < 64 { (1 << column) - 1 } else { u64::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The cells one by one, as a plain list.
    fn check(rows: &[(usize, u64)], split: usize) {
        let (above, below) = rows.split_at(split.min(rows.len()));
        let of = |rows: &[(usize, u64)]| {
            let mut found = FoundCells::default();
            rows.iter().for_each(|(row, columns)| found.add(*row, *columns));
            found
        };
        let mut found = of(below);
        found.put_before(of(above));
        let plain: Vec<CellPlace> = rows
            .iter()
            .flat_map(|(row, columns)| {
                (0..64).filter(move |column| columns >> column & 1 == 1).map(move |column| (*row, column))
            })
            .collect();
        assert_eq!((found.len(), found.is_empty()), (plain.len(), plain.is_empty()));
        for row in 0..8 {
            for column in [0, 1, 2, 5, 62, 63, 64, 70] {
                let cell = (row, column);
                assert_eq!(
                    found.at_or_behind(cell),
                    plain.iter().copied().find(|one| *one >= cell),
                    "{cell:?}"
                );
                assert_eq!(found.before(cell), plain.iter().copied().rfind(|one| *one < cell), "{cell:?}");
                assert_eq!(found.place(cell), plain.iter().position(|one| *one == cell), "{cell:?}");
            }
        }
    }

    #[test]
    fn cells_are_gone_through_along_the_rows() {
        check(&[], 0);
        check(&[(3, 1)], 0);
        check(&[(0, 0b101), (2, 0b10), (3, 1 << 63), (7, u64::MAX)], 2);
        check(&[(0, 1 << 63), (1, 1), (4, 0), (6, 0b110)], 4);
    }
}
