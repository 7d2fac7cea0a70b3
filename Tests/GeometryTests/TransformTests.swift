// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

private func randomVector(_ random: inout RandomStream, _ size: Double = 1) -> SIMD3<Double> {
    SIMD3(random.uniformDouble() - 0.5, random.uniformDouble() - 0.5, random.uniformDouble() - 0.5) * (2 * size)
}

private func close(_ a: SIMD3<Double>, _ b: SIMD3<Double>, _ tolerance: Double = 1e-12) -> Bool {
    (a - b).length <= tolerance
}

@Test(arguments: 0..<50 as Range<UInt64>)
func rotationsRoundTrip(seed: UInt64) {
    var random = RandomStream(seed: seed, label: "rotation")
    let vector = randomVector(&random, 1.8)
    let rotation = Quaternion(rotationVector: vector)
    #expect(close(rotation.rotationVector, vector, 1e-9))
    let x = randomVector(&random)
    #expect(close(rotation.matrix * x, rotation(x)))
    #expect(close(Quaternion(rotationMatrix: rotation.matrix)(x), rotation(x)))
    #expect(close(rotation.inverse(rotation(x)), x))
    let other = Quaternion(rotationVector: randomVector(&random, 3))
    #expect(close((rotation * other)(x), rotation(other(x))))
    #expect(abs(rotation.matrix.determinant - 1) < 1e-12)
}

@Test func aQuarterTurnAboutZTakesXToY() {
    let turn = Quaternion(rotationVector: SIMD3(0, 0, .pi / 2))
    #expect(close(turn(SIMD3(1, 0, 0)), SIMD3(0, 1, 0)))
    #expect(abs(turn.w - 0.5.squareRoot()) < 1e-15)
}

@Test(arguments: 0..<20 as Range<UInt64>)
func motionsComposeAndInvert(seed: UInt64) {
    var random = RandomStream(seed: seed, label: "motion")
    func motion() -> RigidTransform {
        RigidTransform(
            rotation: Quaternion(rotationVector: randomVector(&random, 2)), translation: randomVector(&random, 5))
    }
    let (cFromB, bFromA, x) = (motion(), motion(), randomVector(&random))
    #expect(close((cFromB * bFromA)(x), cFromB(bFromA(x)), 1e-11))
    #expect(close(cFromB.inverse(cFromB(x)), x, 1e-11))
    #expect(close(cFromB(cFromB.cameraCenterInWorld), .zero, 1e-11))

    let bFromWorld = Similarity(
        scale: 0.3 + random.uniformDouble(), rotation: cFromB.rotation, translation: SIMD3(1, 2, 3))
    #expect(close(bFromWorld.inverse(bFromWorld(x)), x, 1e-11))
    // The camera moves with the world: directions stay, lengths are scaled.
    let moved = bFromWorld.mapped(bFromA)
    #expect(close(moved(bFromWorld(x)), bFromWorld.scale * bFromA(x), 1e-11))
}

@Test func matricesInvert() throws {
    let matrix = Matrix3(rows: SIMD3(2, 1, 0), SIMD3(0, 3, -1), SIMD3(1, 0, 4))
    let product = try #require(matrix.inverse) * matrix
    for row in 0..<3 {
        for column in 0..<3 { #expect(abs(product[row, column] - (row == column ? 1 : 0)) < 1e-15) }
    }
    #expect(matrix.determinant == 23)
    #expect(Matrix3(rows: SIMD3(1, 2, 3), SIMD3(2, 4, 6), SIMD3(0, 0, 1)).inverse == nil)
    #expect(Matrix3.cross(SIMD3(1, 2, 3)) * SIMD3(4, 5, 6) == SIMD3(1, 2, 3).cross(SIMD3(4, 5, 6)))
    #expect(Matrix3(rowMajor: matrix.rowMajor) == matrix)
}
