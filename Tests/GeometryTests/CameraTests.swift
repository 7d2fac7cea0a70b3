// SPDX-License-Identifier: Apache-2.0

import Geometry
import Testing

private let cameras = [
    Camera(width: 640, height: 480, model: .simplePinhole, parameters: [500, 321, 239]),
    Camera(width: 640, height: 480, model: .pinhole, parameters: [500, 510, 321, 239]),
    Camera(width: 640, height: 480, model: .simpleRadial, parameters: [500, 321, 239, -0.15]),
    Camera(width: 640, height: 480, model: .radial, parameters: [500, 321, 239, 0.1, -0.05]),
    Camera(width: 640, height: 480, model: .openCV, parameters: [500, 510, 321, 239, -0.2, 0.05, 0.001, -0.002]),
]

@Test(arguments: cameras)
func everyPixelIsSeenAlongItsRay(camera: Camera) throws {
    for v in stride(from: 0.5, to: 480, by: 47) {
        for u in stride(from: 0.5, to: 640, by: 53) {
            let pixel = SIMD2(u, v)
            let back = try #require(camera.project(7 * camera.ray(throughPixel: pixel)))
            #expect((back - pixel).length < 1e-8)
        }
    }
}

@Test func distortionFollowsItsPolynomials() {
    // x = (0.3, -0.4) has r² = 0.25.
    let x = SIMD2(0.3, -0.4)
    #expect((cameras[2].pixel(ofNormalized: x) - (500 * x * (1 - 0.15 * 0.25) + SIMD2(321, 239))).length < 1e-12)
    let radial = 1 + 0.1 * 0.25 - 0.05 * 0.0625
    #expect((cameras[3].pixel(ofNormalized: x) - (500 * x * radial + SIMD2(321, 239))).length < 1e-12)
    // OpenCV: x' = x (1 + k1 r² + k2 r⁴) + 2 p1 x y + p2 (r² + 2 x²), y' likewise with p1 and p2 exchanged.
    let k = 1 - 0.2 * 0.25 + 0.05 * 0.0625
    let u = 0.3 * k + 2 * 0.001 * 0.3 * -0.4 - 0.002 * (0.25 + 2 * 0.09)
    let v = -0.4 * k + 0.001 * (0.25 + 2 * 0.16) + 2 * -0.002 * 0.3 * -0.4
    #expect((cameras[4].pixel(ofNormalized: x) - SIMD2(500 * u + 321, 510 * v + 239)).length < 1e-12)
}

@Test func nothingBehindACameraIsSeen() {
    #expect(cameras[0].project(SIMD3(0, 0, -1)) == nil)
    #expect(cameras[0].project(SIMD3(0, 0, 0)) == nil)
}

@Test(arguments: cameras)
func aResizedCameraSeesTheSameDirections(camera: Camera) {
    let half = camera.resized(width: 320, height: 240)
    let x = SIMD2(0.2, 0.1)
    #expect((half.pixel(ofNormalized: x) - 0.5 * camera.pixel(ofNormalized: x)).length < 1e-12)
}

@Test func modelsKeepTheNumbersOfCOLMAP() {
    for model in CameraModel.allCases { #expect(CameraModel(colmapID: model.colmapID) == model) }
    #expect(CameraModel(colmapID: 2) == .simpleRadial)
    #expect(CameraModel(colmapID: 99) == nil)
}
