// SPDX-License-Identifier: Apache-2.0

import Fields
import Geometry

/// The loss of one step of a surface from observed points: zero at points, positive before them, unit gradient; at points
/// with a normal the gradient is the normal, and close to them the value is the distance from their plane.
struct SightLineObjective: SDFObjective {
    /// Of points without normals.
    let lines: [SightLine]
    /// Of points with normals; may be empty.
    let orientedLines: [SightLine]
    /// Lines that meet nothing; may be empty.
    let emptyLines: [SightLine]
    /// Where photos show no texture; `nil` without photos.
    let plainRegions: PlainRegions?
    let options: SurfaceOptions.Loss
    let seed: UInt64
    let step: Int
    let blocks: [SDFBlockSize]
    private let kinds: [Kind]

    /// What the samples of one block are for.
    private enum Kind { case surface, eikonal, free, hidden }

    /// One sample in this many is drawn from points without normals, where there are points with normals, too.
    private static let plainEvery = 8
    /// Distance from the surface within which emptiness is pulled to become solid.
    private static let solidReach: Float = 0.1
    /// One free sample in this many is drawn from lines that meet nothing, where there are any.
    private static let emptyEvery = 8
    /// Largest distances behind and before an oriented point at which the field should be the distance from its plane.
    private static let band: Range<Float> = -0.012..<0.03

    init(
        lines: [SightLine], orientedLines: [SightLine] = [], emptyLines: [SightLine] = [],
        plainRegions: PlainRegions? = nil, options: SurfaceOptions.Loss, seed: UInt64, step: Int
    ) {
        self.lines = lines
        self.orientedLines = orientedLines
        self.emptyLines = emptyLines
        self.plainRegions = plainRegions
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
            orientedLines.withUnsafeBufferPointer { orientedLines in
                for row in points.indices {
                    if kind == .free, row % Self.emptyEvery == 0, !emptyLines.isEmpty {
                        let line = emptyLines[random.index(below: emptyLines.count)]
                        points[row] = line.point + line.free * random.uniform() * line.towardsCamera
                        notes[row] = .zero
                        continue
                    }
                    let isPlain =
                        orientedLines.isEmpty || kind == .hidden || random.index(below: Self.plainEvery) == 0
                    let source = isPlain ? lines : orientedLines
                    let line = source[random.index(below: source.count)]
                    draw(kind, row: row, on: line, isOriented: !isPlain, &random, &points[row], &notes[row])
                }
            }
        }
    }

    private func draw(
        _ kind: Kind, row: Int, on line: SightLine, isOriented: Bool, _ random: inout RandomStream,
        _ point: inout SIMD3<Float>, _ note: inout SIMD4<Float>
    ) {
        switch kind {
        case .surface:
            point = line.point
            note = SIMD4(line.normal, isOriented ? 1 : 0)
        case .eikonal:
            point = SIMD3(
                random.uniform(in: -SightLine.reach..<SightLine.reach),
                random.uniform(in: -SightLine.reach..<SightLine.reach),
                random.uniform(in: -SightLine.reach..<SightLine.reach))
            guard row & 1 == 1 else { break }
            let near = line.point + options.eikonalSpread * random.normalVector()
            if near.max() < SightLine.reach && near.min() > -SightLine.reach { point = near }
        case .free:
            note = .zero
            let share = random.uniform()
            if isOriented && row & 3 == 1 {
                let distance = Self.band.lowerBound + share * (Self.band.upperBound - Self.band.lowerBound)
                point = line.point + distance * line.towardsCamera
                note.x = distance * max(line.normal.dot(line.towardsCamera), 0.1)
                note.y = 1
                break
            }
            // A third each: evenly along the line, denser towards the point, and close before it.
            let distance: Float
            switch row % 3 {
            case 0: distance = max(line.free * share, 0.004)
            case 1: distance = max(line.free * share * share, 0.004)
            default: distance = min(0.005 + 0.095 * share, line.free)
            }
            point = line.point + distance * line.towardsCamera
            note.x = options.grazingSlope * min(distance, 0.1)
        case .hidden:
            point = line.point - 0.0084 * random.uniform() * line.towardsCamera
        }
    }

    func differentiate(block: Int, samples: SDFSamples) -> Double {
        switch kinds[block] {
        case .surface: surface(samples)
        case .eikonal:
            eikonal(samples, weight: options.eikonalWeight / Float(options.eikonalSamples)) + solid(samples)
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
            let note = samples.notes[row]
            guard note.w > 0 else { continue }
            let difference = samples.gradients[row] - SIMD3(note.x, note.y, note.z)
            samples.gradientAdjoints[row] = difference * (2 * normalWeight)
            loss += Double(normalWeight * difference.dot(difference))
        }
        return loss
            + eikonal(samples, weight: 0.3 * options.eikonalWeight / Float(options.surfaceSamples), onlyPlain: true)
    }

    /// Weight of one oriented point's normal.
    private var normalWeight: Float { options.normalWeight / Float(options.surfaceSamples) }

    private func eikonal(_ samples: SDFSamples, weight: Float, onlyPlain: Bool = false) -> Double {
        var loss = 0.0
        for row in samples.points.indices where !(onlyPlain && samples.notes[row].w > 0) {
            let gradient = samples.gradients[row]
            let length = gradient.length + 1e-6
            samples.gradientAdjoints[row] = gradient * (2 * weight * (length - 1) / length)
            loss += Double(weight * (length - 1) * (length - 1))
        }
        return loss
    }

    /// Where photos show no texture, what nothing was seen in is solid up to the lines of sight that pass by: a pull on
    /// samples anywhere close to the surface.
    private func solid(_ samples: SDFSamples) -> Double {
        guard let plainRegions else { return 0 }
        var loss = 0.0
        for row in samples.points.indices where row & 1 == 0 && abs(samples.values[row]) < Self.solidReach {
            let weight =
                options.solidWeight / Float(options.eikonalSamples) * plainRegions.majority(at: samples.points[row])
            samples.valueAdjoints[row] = weight
            loss += Double(weight * (samples.values[row] + Self.solidReach))
        }
        return loss
    }

    private func free(_ samples: SDFSamples) -> Double {
        var loss = 0.0
        for row in samples.points.indices {
            let excess = samples.values[row] - samples.notes[row].x
            if samples.notes[row].y > 0 {
                let ratio = excess / options.outlierScale
                samples.valueAdjoints[row] = sideWeight * min(max(excess / 1e-3, -1), 1) / (1 + ratio * ratio)
                loss += Double(sideWeight * abs(excess))
            } else if excess < 0 {
                samples.valueAdjoints[row] = -sideWeight
                loss -= Double(sideWeight * excess)
            }
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
