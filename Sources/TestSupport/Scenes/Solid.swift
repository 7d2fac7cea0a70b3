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
        let fillet: Double
        let adds: Bool

        init(_ primitive: SolidPrimitive, _ operation: Operation, material: Int) {
            self.primitive = primitive
            self.operation = operation
            self.material = material
            (ballCenter, ballRadius) = primitive.boundingBall
            switch operation {
            case .add(let fillet): (self.fillet, adds) = (fillet, true)
            case .cut(let fillet): (self.fillet, adds) = (fillet, false)
            }
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
    /// - Precondition: the primitive is bounded.
    public mutating func add(_ primitive: SolidPrimitive, fillet: Double = 0, material: Int = 0) {
        let part = Part(primitive, .add(fillet: fillet), material: material)
        precondition(part.ballRadius.isFinite, "a half space can only be cut away")
        parts.append(part)
        boundByParts()
    }

    /// Cuts `primitive` away.
    public mutating func cut(_ primitive: SolidPrimitive, fillet: Double = 0) {
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
            let apart = part.ballRadius + part.fillet + (part.adds ? value : -value)
            let offset = point - part.ballCenter
            if apart < 0 || offset.dot(offset) > apart * apart { continue }
            let other = part.primitive.signedDistance(point)
            value =
                part.adds
                ? Self.smoothMinimum(value, other, part.fillet) : -Self.smoothMinimum(-value, other, part.fillet)
        }
        return value
    }

    @inline(__always)
    private static func smoothMinimum(_ a: Double, _ b: Double, _ width: Double) -> Double {
        let gap = width - abs(a - b)
        guard gap > 0 else { return min(a, b) }
        return min(a, b) - 0.25 * gap * gap / width
    }

    /// Unit vector along which the signed distance grows, by differences at the corners of a tetrahedron of size 1e-4.
    func normal(at point: SIMD3<Double>) -> SIMD3<Double> {
        let h = 1e-4
        let (a, b) = (SIMD3<Double>(1, -1, -1), SIMD3<Double>(-1, -1, 1))
        let (c, d) = (SIMD3<Double>(-1, 1, -1), SIMD3<Double>(1, 1, 1))
        let pair = a * signedDistance(point + h * a) + b * signedDistance(point + h * b)
        return (pair + c * signedDistance(point + h * c) + d * signedDistance(point + h * d)).normalized
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
