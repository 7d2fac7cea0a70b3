// SPDX-License-Identifier: Apache-2.0

import Geometry

/// A solid modelled as a potter would: parts are added and cut away one after the other, with or without a fillet.
public struct Solid: Sendable {
    /// What a part does to the solid made so far.
    public enum Operation: Hashable, Sendable {
        /// Adds the part; `fillet` is the width over which the two surfaces melt together.
        case add(fillet: Double)
        /// Cuts the part away.
        case cut(fillet: Double)
    }

    /// One step of the making.
    public struct Part: Sendable {
        /// The piece of space.
        public let primitive: SolidPrimitive
        /// Added or cut away.
        public let operation: Operation
        /// Number of the texture that the part wears.
        public let material: Int
        let ballCenter: SIMD3<Double>
        let ballRadius: Double
        let stretch: Double
        let fillet: Double
        let adds: Bool

        init(_ primitive: SolidPrimitive, _ operation: Operation, material: Int) {
            self.primitive = primitive
            self.operation = operation
            self.material = material
            (ballCenter, ballRadius) = primitive.boundingBall
            stretch = primitive.stretch
            switch operation {
            case .add(let fillet): (self.fillet, adds) = (fillet, true)
            case .cut(let fillet): (self.fillet, adds) = (fillet, false)
            }
        }

        /// The solid's signed distance after the step, from that before it and the primitive's.
        @inline(__always)
        func applied(to value: Double, _ other: Double) -> Double {
            adds ? Self.smoothMinimum(value, other, fillet) : -Self.smoothMinimum(-value, other, fillet)
        }

        @inline(__always)
        private static func smoothMinimum(_ a: Double, _ b: Double, _ width: Double) -> Double {
            let gap = width - abs(a - b)
            guard gap > 0 else { return min(a, b) }
            return min(a, b) - 0.25 * gap * gap / width
        }
    }

    /// The steps, in order.
    public private(set) var parts: [Part] = []
    /// Centre of a ball that holds the solid.
    public private(set) var ballCenter = SIMD3<Double>.zero
    /// Radius of that ball; 0 for an empty solid.
    public private(set) var ballRadius = 0.0

    /// Nothing yet.
    public init() {}

    /// Adds `primitive`, melted into what is there over `fillet` scene units.
    ///
    /// - Precondition: the primitive is bounded, and the solid has fewer than 64 parts.
    public mutating func add(_ primitive: SolidPrimitive, fillet: Double = 0, material: Int = 0) {
        let part = Part(primitive, .add(fillet: fillet), material: material)
        precondition(part.ballRadius.isFinite, "a half space can only be cut away")
        precondition(parts.count < 64, "a solid has 64 parts at most")
        parts.append(part)
        boundByParts()
    }

    /// Cuts `primitive` away.
    ///
    /// - Precondition: the solid has fewer than 64 parts.
    public mutating func cut(_ primitive: SolidPrimitive, fillet: Double = 0) {
        precondition(parts.count < 64, "a solid has 64 parts at most")
        parts.append(Part(primitive, .cut(fillet: fillet), material: 0))
    }

    private mutating func boundByParts() {
        let added = parts.filter(\.adds)
        let corners = added.flatMap { [$0.ballCenter - $0.ballRadius, $0.ballCenter + $0.ballRadius] }
        guard let box = Box(enclosing: corners) else { return }
        ballCenter = box.center
        // A fillet swells the solid by at most a quarter of its width.
        ballRadius = added.map { ($0.ballCenter - box.center).length + $0.ballRadius + 0.25 * $0.fillet }.max() ?? 0
    }

    /// Signed distance (a lower bound of its size) at `point`; Lipschitz constant 1.
    ///
    /// Fillets are the polynomial smooth minimum, which is exactly the minimum where the two values differ by the fillet
    /// or more; parts whose bounding ball is farther away than that are therefore left out without any change.
    @inline(__always)
    public func signedDistance(_ point: SIMD3<Double>) -> Double {
        var value = Double.infinity
        for part in parts {
            let apart = part.ballRadius + part.stretch * (part.fillet + (part.adds ? value : -value))
            let offset = point - part.ballCenter
            if apart < 0 || offset.dot(offset) > apart * apart { continue }
            let other = part.primitive.signedDistance(point)
            value = part.applied(to: value, other)
        }
        return value
    }

    /// Signed distance at a point where no part but those in `mask` matters, bit `i` for part `i`.
    @inline(__always)
    func signedDistance(_ point: SIMD3<Double>, parts mask: UInt64) -> Double {
        var value = Double.infinity
        var rest = mask
        while rest != 0 {
            let part = parts[rest.trailingZeroBitCount]
            rest &= rest - 1
            value = part.applied(to: value, part.primitive.signedDistance(point))
        }
        return value
    }

    /// The signed distance at `center`, and the parts that change it at any point up to `reach` away, as bits.
    ///
    /// Both the value so far and that of the part change by no more than `reach` on the way.
    func relevantParts(within reach: Double, of center: SIMD3<Double>) -> (distance: Double, mask: UInt64) {
        var value = Double.infinity
        var mask: UInt64 = 0
        for (index, part) in parts.enumerated() {
            let other = part.primitive.signedDistance(center)
            // Nothing happens where the two surfaces are farther apart than the fillet.
            let apart = part.adds ? other - value : other + value
            if apart - 2 * reach > part.fillet { continue }
            mask |= 1 << UInt64(index)
            value = part.applied(to: value, other)
        }
        return (value, mask)
    }

    /// Material of the added part whose own surface is nearest to `point`; of two alike, the later.
    func material(at point: SIMD3<Double>) -> Int {
        var nearest = (distance: Double.infinity, material: 0)
        for part in parts where part.adds {
            let distance = part.primitive.signedDistance(point)
            if distance <= nearest.distance { nearest = (distance, part.material) }
        }
        return nearest.material
    }
}
