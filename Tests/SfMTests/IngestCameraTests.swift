// SPDX-License-Identifier: Apache-2.0

import Geometry
import Images
import SfM
import Testing

private func photo(
    _ name: String = "a.jpg", _ width: Int = 4000, _ height: Int = 3000, _ fill: (inout ExifMetadata) -> Void = { _ in }
) -> Photo {
    var exif = ExifMetadata()
    fill(&exif)
    return Photo(name: name, width: width, height: height, exif: exif)
}

/// Focal lengths from metadata.
@Suite struct FocalLengthPriorTests {
    /// A 36 × 24 picture of 3600 × 2400 pixels: 100 pixels per millimetre of film.
    @Test func filmEquivalentScalesWithTheDiagonal() {
        for (width, height) in [(3600, 2400), (2400, 3600)] {
            let prior = photo("a", width, height) { $0.focalLengthIn35mmFilm = 50 }.focalLengthPrior
            #expect(abs(prior.focalLength - 5000) < 1e-9 && prior.evidence == .filmEquivalent)
        }
        // A square one has the same field of view along its diagonal.
        let square = photo("a", 3000, 3000) { $0.focalLengthIn35mmFilm = 50 }.focalLengthPrior
        let halfFilmDiagonal = 21.633307652783937
        let halfDiagonal = 2121.3203435596424
        #expect(abs(halfDiagonal / square.focalLength - halfFilmDiagonal / 50) < 1e-12)
    }

    @Test(arguments: [
        ("Canon", "Canon EOS 5D", 36.0), ("NIKON CORPORATION", "NIKON D90", 23.6), ("SONY", "ILCE-6000", 23.5),
        ("DJI", "FC6310", 13.2), ("Apple", "iPhone 6s", 4.8), ("FUJIFILM", "X-T2", 23.6),
        ("GoPro", "HERO4 Black", 6.17),
    ])
    func camerasOfTheTableAreKnown(make: String, model: String, width: Double) {
        let prior = photo {
            $0.make = make
            $0.model = model
            $0.focalLength = 20
            $0.sensorWidth = 1
        }.focalLengthPrior
        #expect(prior.evidence == .sensorTable)
        #expect(abs(prior.focalLength / (20 / width * 4000) - 1) < 0.02)
    }

    @Test func theFocalPlaneHelpsUnknownCameras() {
        let prior = photo {
            $0.model = "X"
            $0.focalLength = 20
            $0.sensorWidth = 40
        }.focalLengthPrior
        #expect(prior == FocalLengthPrior(width: 4000, height: 3000, exif: ExifMetadata()).with(2000, .focalPlane))
    }

    @Test func nonsenseAndNothingAreGuessed() {
        let photos = [
            photo(), photo { $0.focalLength = 35 }, photo { $0.focalLengthIn35mmFilm = 65_535 },
            photo { $0.focalLengthIn35mmFilm = 1 },
        ]
        for photo in photos {
            #expect(photo.focalLengthPrior.evidence == .none && photo.focalLengthPrior.focalLength == 4800)
            let prior = photo.focalLengthPrior.camera(width: 4000, height: 3000)
            #expect(prior.focalLengthSource == .guessed)
            #expect(prior.camera.model == .simpleRadial && prior.camera.parameters == [4800, 2000, 1500, 0])
        }
    }
}

extension FocalLengthPrior {
    fileprivate func with(_ focalLength: Double, _ evidence: Evidence) -> Self {
        var result = self
        result.focalLength = focalLength
        result.evidence = evidence
        return result
    }
}

/// Which photos share a camera.
@Suite struct CameraAssignmentTests {
    private let photos = [
        photo("1") { $0.focalLengthIn35mmFilm = 28 }, photo("2"), photo("3") { $0.focalLengthIn35mmFilm = 28 },
        photo("4", 3000, 4000) { $0.focalLengthIn35mmFilm = 28 },
        photo("5") {
            $0.focalLengthIn35mmFilm = 28
            $0.model = "X"
        }, photo("6"),
    ]

    @Test func equalMetadataShareOneCamera() throws {
        let assignment = try CameraAssignment(for: photos, sharing: .byMetadata)
        #expect(assignment.cameraIDs == [1, 2, 1, 3, 4, 2])
        #expect(assignment.cameras.keys.sorted() == [1, 2, 3, 4])
        #expect(assignment.cameras[1]?.focalLengthSource == .exif)
        #expect(assignment.cameras[2]?.focalLengthSource == .guessed)
        #expect(assignment.cameras[3]?.camera.width == 3000)
    }

    @Test func eachPhotoMayHaveItsOwn() throws {
        let assignment = try CameraAssignment(for: photos, sharing: .perImage)
        #expect(assignment.cameraIDs == [1, 2, 3, 4, 5, 6] && assignment.cameras.count == 6)
    }

    @Test func oneForAllNeedsOneSize() throws {
        let equal = photos.filter { $0.width == 4000 }
        let assignment = try CameraAssignment(for: equal, sharing: .single)
        #expect(assignment.cameraIDs == [1, 1, 1, 1, 1] && assignment.cameras.count == 1)
        let informed = try CameraAssignment(for: [photos[1], photos[0]], sharing: .single)
        #expect(informed.cameras == assignment.cameras && assignment.cameras[1]?.focalLengthSource == .exif)
        let error = #expect(throws: IngestError.self) { try CameraAssignment(for: photos, sharing: .single) }
        #expect(try #require(error).description.contains("3000 × 4000"))
    }

    @Test func oneGivenCameraServesAllAndIsScaled() throws {
        let given = Camera(
            width: 2000, height: 1500, model: .openCV, parameters: [1000, 1010, 990, 760, 0.1, 0.01, 0.001, 0.002])
        let photos = [photo("1", 2000, 1500), photo("2", 4000, 3000), photo("3", 1000, 750), photo("4", 4000, 3000)]
        let assignment = try CameraAssignment(for: photos, given: [given])
        #expect(assignment.cameraIDs == [1, 2, 3, 2])
        #expect(assignment.cameras[1] == CameraPrior(camera: given, focalLengthSource: .given))
        let scaled = try #require(assignment.cameras[2]?.camera)
        #expect(scaled.parameters == [2000, 2020, 1980, 1520, 0.1, 0.01, 0.001, 0.002])
        // A direction meets the same place of the picture.
        let direction = SIMD3(0.2, -0.1, 1)
        let (small, large) = (try #require(given.project(direction)), try #require(scaled.project(direction)))
        #expect((2 * small - large).length < 1e-9)
        for other in [photo("x", 1500, 2000), photo("x", 4000, 2999)] {
            let error = #expect(throws: IngestError.self) {
                try CameraAssignment(for: photos + [other], given: [given])
            }
            #expect(try #require(error).description.contains("x (\(other.size) pixels)"))
        }
    }

    @Test func givenCamerasGoByOrderOrBySize() throws {
        let cameras = [(4000, 3000), (3000, 4000)].map { Camera(width: $0.0, height: $0.1, focalLength: 3000) }
        let mixed = [photo("1"), photo("2", 3000, 4000), photo("3")]
        let bySize = try CameraAssignment(for: mixed, given: cameras)
        #expect(bySize.cameraIDs == [1, 2, 1] && bySize.cameras[2]?.camera == cameras[1])
        let byOrder = try CameraAssignment(
            for: mixed,
            given: [3000, 3100, 3200].enumerated().map { index, focalLength in
                Camera(width: mixed[index].width, height: mixed[index].height, focalLength: focalLength)
            })
        #expect(byOrder.cameraIDs == [1, 2, 3] && byOrder.cameras[3]?.camera.meanFocalLength == 3200)
        #expect(throws: IngestError.noCameras) { try CameraAssignment(for: mixed, given: []) }
        // Two of one size for three photos: which is whose?
        #expect(throws: IngestError.self) { try CameraAssignment(for: mixed, given: [cameras[0], cameras[0]]) }
        // In order, but of another shape.
        #expect(throws: IngestError.self) { try CameraAssignment(for: mixed, given: cameras + cameras.suffix(1)) }
    }
}
