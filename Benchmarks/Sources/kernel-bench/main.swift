// SPDX-License-Identifier: Apache-2.0
// Kernels as a share of this machine's arithmetic peak, and training throughput; one JSON object on standard output.
// With `--export FOLDER`: one training step written to files instead. With `--radiance`: training of radiance fields alone.

import CKernels
import Fields
import Geometry
import Glibc

var results: [(String, Double)] = []
@MainActor func report(_ name: String, _ value: Double) { results.append((name, value)) }

/// Tile products.
@MainActor func measureProducts(isa: Int32, name: String, peak: Double) {
    let rows = Int(ZK_TILE)
    for width in [64, 256] {
        let stride = PlainNetwork.stride(width)
        let a = Floats(rows * stride) { Float($0 % 7) * 0.1 }
        let b = Floats(max(rows, width) * stride) { Float($0 % 5) * 0.1 }
        let c = Floats(max(rows, width) * stride)
        let calls = width == 64 ? 400 : 40
        let operations = 2.0 * Double(rows * width * width) * Double(calls)
        let forward = bestThreadSeconds(repeats: 30) {
            for _ in 0..<calls {
                zk_gemm(rows, width, width, a.pointer, stride, b.pointer, stride, c.pointer, stride, 0)
            }
        }
        report("gemm_share_\(name)_\(width)_forward", operations / forward * 1e-9 / peak)
        let gradient = bestThreadSeconds(repeats: 30) {
            for _ in 0..<calls {
                zk_gemm_transposed(width, width, rows, a.pointer, stride, b.pointer, stride, c.pointer, stride, 1)
            }
        }
        report("gemm_share_\(name)_\(width)_weights", operations / gradient * 1e-9 / peak)
    }
}

@MainActor func measurePlain(_ name: String, widths: [Int], activation: Int32, parameter: Float, peak: Double) {
    let tiles = 64
    let rows = tiles * Int(ZK_TILE)
    let inputs = Floats(rows * PlainNetwork.stride(widths[0])) { Float($0 % 13) * 0.1 - 0.6 }
    let targets = Floats(rows) { Float($0 % 3) }
    var single = 0.0
    for threads in [1, 2] {
        let network = PlainNetwork(widths: widths, activation: activation, parameter: parameter, threads: threads)
        let seconds = bestWallSeconds(repeats: 12) {
            network.train(inputs: inputs, targets: targets, tiles: tiles, update: true)
        }
        report("\(name)_points_per_second_\(threads)", Double(rows) / seconds)
        if threads == 1 {
            single = seconds
            report("\(name)_share_of_peak", Double(rows) * network.operationsPerPoint / seconds * 1e-9 / peak)
        } else {
            report("\(name)_speedup_2_threads", single / seconds)
        }
    }
}

@MainActor func measureOccupancy(_ name: String, gradientWeight: Float, peak: Double) throws {
    var options = OccupancyTrainingOptions()
    options.gradientWeight = gradientWeight
    options.gradientThreshold = 1e-3  // every penalised row takes the second-order pass
    let architecture = OccupancyArchitecture()
    // Forward 1, input gradient 1, weight gradient 1; penalised rows: position gradient 1, tangent 1, its adjoints 2.
    let operations =
        2 * Double(architecture.iterations * architecture.perceptron.multiplyAdds)
        * (3 + (gradientWeight > 0 ? 4 * options.penalizedShare : 0))
    var single = 0.0
    for threads in [1, 2] {
        let trainer = try OccupancyTrainer(
            OccupancyNetwork(architecture, seed: 1), options: options, threads: threads)
        let steps = 8
        let seconds = bestWallSeconds(repeats: 10) {
            for _ in 0..<steps { trainer.advance(sampler: BallSampler()) }
        }
        let samples = Double(steps * options.batchSize)
        report("\(name)_samples_per_second_\(threads)", samples / seconds)
        if threads == 1 {
            single = seconds
            report("\(name)_share_of_peak", samples * operations / seconds * 1e-9 / peak)
        } else {
            report("\(name)_speedup_2_threads", single / seconds)
        }
    }
}

@MainActor func measureRadiance() throws {
    var single = 0.0
    for threads in [1, 2] {
        let (samples, seconds) = try RadianceBench(threads: threads).measure()
        report("radiance_samples_per_second_\(threads)", Double(samples) / seconds)
        if threads == 1 {
            single = seconds
            report("radiance_samples_per_step", Double(samples))
        } else {
            report("radiance_speedup_2_threads", single / seconds)
        }
    }
}

if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--export" {
    try StepExport.write(to: CommandLine.arguments[2])
    exit(0)
}

@MainActor func printResults() {
    print("{\n" + results.map { "  \"\($0.0)\": \($0.1)" }.joined(separator: ",\n") + "\n}")
}

if CommandLine.arguments.count == 2, CommandLine.arguments[1] == "--radiance" {
    try measureRadiance()
    printResults()
    exit(0)
}

let names = ["baseline", "avx2", "avx512"]
// Byte products (VNNI) make no difference to the kernels measured here.
let widest = min(zk_widest_isa(), Int32(ZK_ISA_AVX512))
for isa in (0...widest).reversed() {
    zk_limit_isa(isa)
    let peak = peakGigaflops(isa: isa)
    report("peak_gigaflops_\(names[Int(isa)])", peak)
    measureProducts(isa: isa, name: names[Int(isa)], peak: peak)
    report("patch_comparisons_per_second_\(names[Int(isa)])", PatchBench().comparisonsPerSecond())
}
zk_limit_isa(widest)
let peak = peakGigaflops(isa: widest)
measurePlain("relu_256x5", widths: [63, 256, 256, 256, 256, 256, 1], activation: 0, parameter: 0, peak: peak)
measurePlain("softplus_64", widths: [32, 64, 64, 17], activation: 1, parameter: 100, peak: peak)
try measureOccupancy("occupancy", gradientWeight: 1e-4, peak: peak)
try measureOccupancy("occupancy_without_penalty", gradientWeight: 0, peak: peak)
try measureRadiance()
printResults()
