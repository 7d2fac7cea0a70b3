// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Slices
import Storage
import TestSupport
import Testing

@Suite struct StructureSetTests {
    /// Writes structure sets by pydicom: each contour is its structure, kind, and corners in DICOM's axes.
    private static func write(_ contours: [(Int, String, [SIMD3<Double>])], to path: String) throws {
        let entries = contours.map { structure, kind, corners in
            ["structure": structure, "kind": kind, "numbers": corners.flatMap { [$0.x, $0.y, $0.z] }] as [String: Any]
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-I", "-c", writer, path]
        let input = Pipe()
        process.standardInput = input
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: JSONSerialization.data(withJSONObject: entries))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    private static let writer = """
        import json, sys
        from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
        from pydicom.sequence import Sequence
        from pydicom.uid import ExplicitVRLittleEndian, generate_uid
        meta = FileMetaDataset()
        meta.TransferSyntaxUID = ExplicitVRLittleEndian
        meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.481.3"
        meta.MediaStorageSOPInstanceUID = generate_uid()
        data = FileDataset(sys.argv[1], {}, file_meta=meta, preamble=bytes(128))
        data.is_little_endian, data.is_implicit_VR = True, False
        data.Modality = "RTSTRUCT"
        entries = json.load(sys.stdin)
        rois, contours = {}, {}
        for entry in entries:
            number = entry["structure"]
            if number not in rois:
                rois[number] = Dataset()
                rois[number].ROINumber, rois[number].ROIName = number, f"organ {number}"
                contours[number] = []
            contour = Dataset()
            contour.ContourGeometricType = entry["kind"]
            contour.NumberOfContourPoints = len(entry["numbers"]) // 3
            contour.ContourData = [f"{value:.10g}" for value in entry["numbers"]]
            contours[number].append(contour)
        data.StructureSetROISequence = Sequence(rois.values())
        items = []
        for number, own in contours.items():
            item = Dataset()
            item.ReferencedROINumber, item.ContourSequence = number, Sequence(own)
            items.append(item)
        data.ROIContourSequence = Sequence(items)
        data.save_as(sys.argv[1])
        """

    private static func ring(_ radius: Double, z: Double, at center: SIMD2<Double> = .zero) -> [SIMD3<Double>] {
        (0..<40).map { index in
            let angle = 2 * Double.pi * Double(index) / 40
            return SIMD3(center.x + radius * cos(angle), center.y + radius * sin(angle), z)
        }
    }

    private static let closed = "CLOSED_PLANAR"

    @Test func structuresAreLabelsInTheAxesOfOtherMedicalFormats() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("set.dcm")
        var contours: [(Int, String, [SIMD3<Double>])] = []
        for z in [0.0, 3, 6] {
            contours.append((2, Self.closed, Self.ring(10, z: z, at: SIMD2(5, 7))))
            contours.append((2, Self.closed, Self.ring(4, z: z, at: SIMD2(5, 7))))
        }
        contours.append((7, Self.closed, Self.ring(3, z: 3, at: SIMD2(40, 0))))
        contours.append((7, "POINT", [SIMD3(1, 2, 3)]))
        contours.append((7, Self.closed, Self.ring(3, z: 9, at: SIMD2(40, 0))))
        try Self.write(contours, to: path)
        let input = try SliceInput.read(path, options: SliceInputOptions(), threads: 1)
        #expect(input.slices.labels == [2, 7])
        #expect(input.names == [2: "organ 2", 7: "organ 7"])
        #expect(input.slices.sections.count == 4)
        #expect(input.notes.contains { $0.hasPrefix("1 contour(s) left out") })
        #expect(input.notes.contains { $0.hasPrefix("structure 7 has no contour on 1 plane(s)") })
        let first = input.slices.sections[0]
        #expect(first.polygons.map(\.isHole) == [false, true] && first.polygons[1].parent == 0)
        #expect(first.polygons[0].signedArea > 0 && first.polygons[1].signedArea < 0)
        // DICOM's x points left and y back.
        let center = first.vertices.reduce(.zero, +) / Double(first.vertices.count)
        #expect((center - SIMD3(-5, -7, 0)).length < 1e-6)
    }

    /// One line that runs to two holes over bridges means the same as three loops.
    @Test func bridgesToHolesAreTakenApart() throws {
        let folder = try TemporaryFolder()
        let outer = Self.ring(20, z: 0)
        let holes = [Self.ring(3, z: 0, at: SIMD2(8, 0)), Self.ring(3, z: 0, at: SIMD2(-8, 0))]
        let keyhole =
            Array(outer[...0]) + holes[0] + [holes[0][0]] + Array(outer[0...20]) + holes[1] + [holes[1][0]]
            + Array(outer[20...])
        let lid = Self.ring(20, z: 2)
        let (bridged, plain) = (folder.path("bridged.dcm"), folder.path("plain.dcm"))
        try Self.write([(1, Self.closed, keyhole), (1, Self.closed, lid)], to: bridged)
        try Self.write(([outer] + holes + [lid]).map { (1, Self.closed, $0) }, to: plain)
        let sections = try [bridged, plain].map {
            try SliceInput.read($0, options: SliceInputOptions(), threads: 1).slices.sections[0]
        }
        let areas = sections.map { $0.polygons.map(\.signedArea).sorted() }
        #expect(sections[0].polygons.filter(\.isHole).count == 2)
        #expect(areas[0].count == areas[1].count && zip(areas[0], areas[1]).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func hostileFilesAreRefused() throws {
        let folder = try TemporaryFolder()
        let path = folder.path("set.dcm")
        try Self.write([(1, Self.closed, Self.ring(5, z: 0)), (1, Self.closed, Self.ring(5, z: 1))], to: path)
        let bytes = try InputFile.read(path)
        func refusal(_ bytes: [UInt8]) throws -> String {
            try OutputFile.write(bytes, to: path)
            do {
                let input = try SliceInput.read(path, options: SliceInputOptions(), threads: 1)
                return "read \(input.slices.sections.count)"
            } catch { return "\(error)" }
        }
        #expect(try refusal(Array(bytes.prefix(300))).contains("not a readable DICOM") == true)
        var other = bytes
        let modality = try #require(Self.place(of: "RTSTRUCT", in: bytes))
        other.replaceSubrange(modality..<modality + 8, with: Array("CTIMAGES".utf8))
        #expect(try refusal(other).contains("CTIMAGES"))
        var random = RandomStream(seed: 5, label: "dicom")
        for _ in 0..<6 {
            var damaged = bytes
            for _ in 0..<8 { damaged[132 + random.index(below: bytes.count - 132)] = UInt8(random.index(below: 256)) }
            // Whatever it says, it ends, and says something.
            #expect(try !refusal(damaged).isEmpty)
        }
        try Self.write([(1, Self.closed, Self.ring(5, z: 0).map { $0 + SIMD3(0, 0, $0.x * $0.x) })], to: path)
        #expect(throws: StructureSetError.self) {
            try SliceInput.read(path, options: SliceInputOptions(), threads: 1)
        }
    }

    private static func place(of text: String, in bytes: [UInt8]) -> Int? {
        let wanted = Array(text.utf8)
        return (0..<bytes.count - wanted.count).first { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
