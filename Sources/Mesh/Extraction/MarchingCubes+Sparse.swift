// SPDX-License-Identifier: Apache-2.0

import Geometry

extension MarchingCubes {
    /// Extracts the surface of a field, asking it only where the surface can be.
    ///
    /// The result has the same bytes as ``extract(grid:values:options:threads:)`` on the values at all nodes, provided
    /// ``SparseSearchOptions/gradientBound`` holds and ``SparseSearchOptions/crossingRounds`` is 0; a bound that is too
    /// small can lose whole components, never tear holes.
    ///
    /// - Parameters:
    ///   - field: Asked at `RegularGrid.queryPoint(_:_:_:)` in blocks of up to 4,096 points, from several threads.
    ///   - grid: Where the nodes are.
    ///   - options: The iso-level, and which side of it is inside.
    ///   - search: Where the search starts and how far it looks.
    ///   - threads: Bound on concurrency, at least 1; the result is the same bytes for any.
    ///   - progress: Told the number of values so far; the total is not known.
    ///   - cancellation: Asked between groups of blocks.
    /// - Throws: ``ExtractionError``.
    public static func extract(
        from field: some ScalarField, grid: RegularGrid, options: IsoSurfaceOptions = .signedDistance,
        search: SparseSearchOptions = SparseSearchOptions(), threads: Int = 1, progress: ProgressHandler? = nil,
        cancellation: CancellationCheck? = nil
    ) throws(ExtractionError) -> SparseExtraction {
        do throws(OptionsError) {
            try options.validate()
            try search.validate()
        } catch {
            throw .options(error)
        }
        let sampler = SparseSampler(
            field: field, grid: grid, coarseCells: search.coarseCells, threads: threads, progress: progress,
            cancellation: cancellation)
        var finder = SparseSurfaceSearch(sampler: sampler, options: options, search: search)
        try finder.run()
        let values = finder.nodeValues()
        let extractor = SurfaceExtractor(grid: grid, values: values, bits: finder.bits, level: options.isoLevel)
        var mesh = try extractor.extract(threads: threads)
        let refinement = CrossingRefinement(grid: grid, values: values, level: Double(options.isoLevel))
        let asked = try refinement.refine(&mesh, rounds: search.crossingRounds, ask: finder.sampler.values(at:))
        return SparseExtraction(mesh: mesh, queries: finder.sampler.queries + asked, denseNodes: grid.nodeCount)
    }
}
