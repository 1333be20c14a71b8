package hansard.transcode;

import hansard.transcode.Canvas.Area;

/** As many tiles as there are participants, in rows of equal length; the last row stands in the middle. */
record Grid(int tiles, int columns, int rows, int width, int height, int gap) {
    private static final double PROPORTION = 16.0 / 9;

    /** The number of columns that leaves pictures largest. */
    static Grid of(int tiles, int width, int height, int gap) {
        int best = 1;
        double largest = 0;
        for (int columns = 1; columns <= Math.max(1, tiles); columns++) {
            int rows = (Math.max(1, tiles) + columns - 1) / columns;
            double size = Math.min((double) width / columns, (double) height / rows * PROPORTION);
            if (size > largest) {
                largest = size;
                best = columns;
            }
        }
        return new Grid(tiles, best, (Math.max(1, tiles) + best - 1) / best, width, height, gap);
    }

    /** The place of a tile, its sides even, as 4:2:0 asks. */
    Area area(int tile) {
        int row = tile / columns;
        int inRow = Math.min(columns, tiles - row * columns);
        int cellWidth = width / columns;
        int cellHeight = height / rows;
        int x = (width - inRow * cellWidth) / 2 + tile % columns * cellWidth;
        return new Area(
                x + gap & ~1,
                row * cellHeight + gap & ~1,
                Math.max(2, cellWidth - 2 * gap & ~1),
                Math.max(2, cellHeight - 2 * gap & ~1));
    }
}
