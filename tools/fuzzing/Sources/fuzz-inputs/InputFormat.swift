// SPDX-License-Identifier: Apache-2.0

import Mesh
import Slices

/// A reader under test.
enum InputFormat: String, CaseIterable {
    case csl, ply, obj, stl

    /// Gives `bytes` to the reader and looks at all that it returns.
    ///
    /// - Returns: Whether the reader took them.
    /// - Throws: ``BrokenPromise`` when the result breaks a rule that the reader vouches for.
    func accepts(_ bytes: [UInt8]) throws -> Bool {
        switch self {
        case .csl: return try acceptsSlices(bytes)
        case .ply: return try acceptsMesh(bytes, .ply)
        case .obj: return try acceptsMesh(bytes, .obj)
        case .stl: return try acceptsMesh(bytes, .stl)
        }
    }

    private func acceptsSlices(_ bytes: [UInt8]) throws -> Bool {
        let set: SliceSet
        do throws(SliceFileError) {
            set = try CSLReader.parse(bytes: bytes).0
        } catch {
            guard !error.description.isEmpty else { throw BrokenPromise("an error without a description") }
            return false
        }
        for section in set.sections {
            guard abs(section.plane.normal.length - 1) < 1e-9 else { throw BrokenPromise("a normal of no unit length") }
            for polygon in section.polygons {
                let isFinite = polygon.points.allSatisfy { $0.x.isFinite && $0.y.isFinite }
                guard polygon.points.count >= 3, isFinite else { throw BrokenPromise("a contour that is none") }
                guard let parent = polygon.parent else { continue }
                let exists = section.polygons.indices.contains(parent) && !section.polygons[parent].isHole
                guard exists else { throw BrokenPromise("a hole without a contour around it") }
            }
        }
        guard set.boundingBox.diagonal.isFinite else { throw BrokenPromise("a box that is not finite") }
        return true
    }

    private func acceptsMesh(_ bytes: [UInt8], _ format: MeshFileFormat) throws -> Bool {
        let mesh: TriangleMesh
        do throws(MeshFileError) {
            mesh = try MeshFile.decode(bytes, as: format)
        } catch {
            guard !error.description.isEmpty else { throw BrokenPromise("an error without a description") }
            return false
        }
        do { try mesh.checkInvariants() } catch { throw BrokenPromise(error.description) }
        return true
    }
}

/// A reader returned what it must not return.
struct BrokenPromise: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
