// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// The loss of one step of a surface from observed points: zero at points, positive before them, unit gradient.
struct SightLineObjective: SDFObjective {
    let lines: [SightLine]
    let options: SurfaceOptions.Loss
    let seed: UInt64
    let step: Int
    let blocks: [SDFBlockSize]
    private let kinds: [Kind]

    /// What the samples of one block are for.
    private enum Kind { case surface, eikonal, free, hidden }

    init(lines: [SightLine], options: SurfaceOptions.Loss, seed: UInt64, step: Int) {
        self.lines = lines
        self.options = options
        self.seed = seed
        self.step = step
        var blocks: [SDFBlockSize] = []
        var kinds: [Kind] = []
        for (kind, count, gradients) in [
            (Kind.surface, options.surfaceSamples, true), (.eikonal, options.eikonalSamples, true),
            (.free, options.freeSamples, false), (.hidden, options.hiddenSamples, false),
        ] {
            let sizes = SDFBlockSize.covering(count, gradients: gradients)
            blocks += sizes
            kinds += sizes.map { _ in kind }
        }
        self.blocks = blocks
        self.kinds = kinds
    }

    func draw(
        block: Int, points: UnsafeMutableBufferPointer<SIMD3<Float>>, notes: UnsafeMutableBufferPointer<SIMD4<Float>>
    ) {
        var random = RandomStream(seed: seed, label: "sight lines", UInt64(step), UInt64(block))
        let kind = kinds[block]
        lines.withUnsafeBufferPointer { lines in
            for row in points.indices {
                let line = lines[random.index(below: lines.count)]
                switch kind {
                case .surface: points[row] = line.point
                case .eikonal:
                    points[row] = SIMD3(
                        random.uniform(in: -SightLine.reach..<SightLine.reach),
                        random.uniform(in: -SightLine.reach..<SightLine.reach),
                        random.uniform(in: -SightLine.reach..<SightLine.reach))
                    guard row & 1 == 1 else { break }
                    let near = line.point + options.eikonalSpread * random.normalVector()
                    if near.max() < SightLine.reach && near.min() > -SightLine.reach { points[row] = near }
                case .free:
                    // A third each: evenly along the line, denser towards the point, and close before it.
                    let share = random.uniform()
                    let distance: Float
                    switch row % 3 {
                    case 0: distance = max(line.free * share, 0.004)
                    case 1: distance = max(line.free * share * share, 0.004)
                    default: distance = min(0.005 + 0.095 * share, line.free)
                    }
                    points[row] = line.point + distance * line.towardsCamera
                    notes[row].x = options.grazingSlope * min(distance, 0.1)
                case .hidden:
                    points[row] = line.point - 0.0084 * random.uniform() * line.towardsCamera
                }
            }
        }
    }

    func differentiate(block: Int, samples: SDFSamples) -> Double {
        switch kinds[block] {
        case .surface: surface(samples)
        case .eikonal:
            eikonal(samples, weight: options.eikonalWeight / Float(options.eikonalSamples))
        case .free: free(samples)
        case .hidden: hidden(samples)
        }
    }

    /// Weight of each sample on a one-sided constraint.
    private var sideWeight: Float { options.freeWeight / Float(options.freeSamples + options.hiddenSamples) }

    /// `|f|`, rounded at 0 and levelling off for outliers, and a weaker eikonal term.
    private func surface(_ samples: SDFSamples) -> Double {
        let weight = options.surfaceWeight / Float(options.surfaceSamples)
        var loss = 0.0
        for row in samples.points.indices {
            let value = samples.values[row]
            let ratio = value / options.outlierScale
            samples.valueAdjoints[row] = weight * min(max(value / 5e-4, -1), 1) / (1 + ratio * ratio)
            loss += Double(weight * abs(value))
        }
        return loss
            + eikonal(samples, weight: 0.3 * options.eikonalWeight / Float(options.surfaceSamples))
    }

    private func eikonal(_ samples: SDFSamples, weight: Float) -> Double {
        var loss = 0.0
        for row in samples.points.indices {
            let gradient = samples.gradients[row]
            let length = gradient.length + 1e-6
            samples.gradientAdjoints[row] = gradient * (2 * weight * (length - 1) / length)
            loss += Double(weight * (length - 1) * (length - 1))
        }
        return loss
    }

    private func free(_ samples: SDFSamples) -> Double {
        var loss = 0.0
        for row in samples.points.indices where samples.values[row] < samples.notes[row].x {
            samples.valueAdjoints[row] = -sideWeight
            loss += Double(sideWeight * (samples.notes[row].x - samples.values[row]))
        }
        return loss
    }

    private func hidden(_ samples: SDFSamples) -> Double {
        var loss = 0.0
        for row in samples.points.indices where samples.values[row] > 0 {
            samples.valueAdjoints[row] = 0.5 * sideWeight
            loss += Double(0.5 * sideWeight * samples.values[row])
        }
        return loss
    }
}

extension RandomStream {
    /// Three numbers of about a normal distribution: each the sum of four uniform ones, scaled to variance 1.
    fileprivate mutating func normalVector() -> SIMD3<Float> {
        var sum = SIMD3<Float>.zero
        for _ in 0..<4 { sum += SIMD3(uniform(), uniform(), uniform()) }
        return (sum - 2) * Float(3).squareRoot()
    }
}
