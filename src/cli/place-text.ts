/** Where a quote stands, as a person looks for it: `page 3, line 12`, `row 4, column price`; empty where nothing is known. */
export function placeText(place: {
  readonly page?: number | undefined;
  readonly line?: number | undefined;
  readonly row?: number | undefined;
  readonly column?: string | undefined;
}): string {
  const parts = [
    place.page === undefined ? '' : `page ${place.page}`,
    // A line of a page or of a table means nothing to a person who has the page or the row.
    place.line === undefined || place.page !== undefined || place.row !== undefined
      ? ''
      : `line ${place.line}`,
    place.row === undefined ? '' : `row ${place.row}`,
    place.column === undefined ? '' : `column ${place.column}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
