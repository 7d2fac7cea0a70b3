// SPDX-License-Identifier: Apache-2.0

import Geometry

extension SliceReconstructor {
    /// What a reconstruction will take on so many threads, when nothing else runs.
    ///
    /// Training draws the same number of samples whatever the slices are. The constants are those of datasets/slices and hand_ok on
    /// 2026-11-25 (two cores with AVX-512): 1.8 µs of one core for each sample of the default network, a tenth of it without a
    /// second thread; extraction grows with the square of the resolution. Seconds scale with the processor.
    public static func expectedCost(_ options: SliceReconstructionOptions, threads: Int) -> ComputingCost {
        let training = 1.8e-6 * Double(options.training.steps * options.training.batchSize)
        let cells = Double(options.resolution * options.resolution)
        let megabytes = 45 + 7 * Double(threads) + 8e-4 * cells
        return ComputingCost(
            seconds: training * (0.1 + 0.9 / Double(threads)) + 4e-5 * cells, peakMemory: Int(megabytes * 1_048_576))
    }
}

extension ThinPlateReconstructor {
    /// What a reconstruction will take on so many threads, when nothing else runs, for slices that fill their box.
    ///
    /// Time and memory grow with the nodes of the finest grid: 2.2 µs of one core and 60 bytes for each, as measured on hand_ok,
    /// balloondog and rose on 2026-11-25; half of the time has no use for a second thread.
    public static func expectedCost(_ options: SliceReconstructionOptions, threads: Int) -> ComputingCost {
        let nodes =
            0.5 * Double(options.thinPlate.resolution * options.thinPlate.resolution * options.thinPlate.resolution)
        let cells = Double(options.resolution * options.resolution)
        return ComputingCost(
            seconds: 2.2e-6 * nodes * (0.5 + 0.5 / Double(threads)) + 4e-6 * cells,
            peakMemory: Int(60 * nodes) + Int(40 * 1_048_576 + 800 * cells))
    }
}

extension SliceEngine {
    /// What a reconstruction by this engine will take; see ``SliceReconstructor/expectedCost(_:threads:)``.
    public func expectedCost(_ options: SliceReconstructionOptions, threads: Int) -> ComputingCost {
        switch self {
        case .occupancy: SliceReconstructor.expectedCost(options, threads: threads)
        case .thinPlate: ThinPlateReconstructor.expectedCost(options, threads: threads)
        }
    }
}
