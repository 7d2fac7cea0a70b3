// SPDX-License-Identifier: Apache-2.0

import Foundation
import Geometry
import Slices
import Storage
import TestSupport
import Testing

/// Drawings with a table of planes, against svgelements (see `datasets/slices/drawings/generate.py`) and by hand.
@Suite struct SVGTests {
    private static let fixtures = "\(SharedData.packageRoot)/datasets/slices/drawings"

    /// What svgelements says of one shape: points on its outline, in the coordinates of the drawing.
    private struct Expected: Decodable {
        var id: String
        var points: [SIMD2<Double>]
        var area: Double
    }

    private func read(_ svg: String, table: String, name: String = "planes.json") throws -> SliceInput {
        let folder = try TemporaryFolder()
        try OutputFile.write(Array(svg.utf8), to: folder.path("a.svg"))
        try OutputFile.write(Array(table.utf8), to: folder.path(name))
        return try SliceInput.read(folder.path(name), options: SliceInputOptions(), threads: 1)
    }

    /// The whole drawing at z = 0 and at z = 1, its units those of the world.
    private static func table(_ layer: String = "") -> String {
        let planes = [0, 1].map { z in
            #"{"file": "a.svg", "origin": [0, 0, \#(z)], "x": [1, 0, 0], "y": [0, 1, 0]\#(layer)}"#
        }
        return #"{"planes": [\#(planes.joined(separator: ", "))]}"#
    }

    private func section(_ body: String) throws -> CrossSection {
        try read("<svg xmlns='http://www.w3.org/2000/svg'>\(body)</svg>", table: Self.table()).slices.sections[0]
    }

    @Test func outlinesAreThoseOfAnotherReader() throws {
        let bytes = try InputFile.read("\(Self.fixtures)/expected.json")
        let expected = try JSONDecoder().decode([Expected].self, from: Data(bytes))
        #expect(expected.count >= 12)
        let input = try SliceInput.read(Self.fixtures, options: SliceInputOptions(), threads: 1)
        for (index, shape) in expected.enumerated() {
            // Each shape is a layer on a plane of its own, in the order of the file.
            let section = input.slices.sections[index]
            let polygons = section.polygons
            let corners = polygons.flatMap(\.points)
            let lower = corners.reduce(corners[0], pointwiseMin)
            let upper = corners.reduce(corners[0], pointwiseMax)
            let diagonal = (upper - lower).length
            let edges = polygons.flatMap { BruteForce.edges($0.points) }
            for point in shape.points {
                let place = section.plane.coordinates(of: SIMD3(point.x, point.y, Double(index)))
                #expect(BruteForce.distance(edges, place) <= 2.5e-4 * diagonal, "\(shape.id) at \(point)")
            }
            let area = abs(polygons.map(\.signedArea).reduce(0, +))
            #expect(abs(area - shape.area) <= 2e-3 * shape.area + 1e-9, "\(shape.id): \(area), not \(shape.area)")
        }
    }

    @Test func holesFollowFromTheEvenOddRule() throws {
        let section = try section(
            "<path d='M0 0H10V10H0z M2 2H8V8H2z M4 4H6V6H4z'/><rect x='20' width='4' height='4'/>")
        #expect(section.polygons.map(\.isHole) == [false, true, false, false])
        #expect(section.polygons[1].parent == 0)
        let area = section.polygons.map(\.signedArea).reduce(0, +)
        #expect(area == 84)
    }

    @Test func transformsAreAppliedFromTheInsideOut() throws {
        let section = try section(
            "<g transform='translate(10,20) rotate(90)'><g transform='scale(2 -3)'><rect width='1' height='1'/></g></g>"
        )
        let box = Box(enclosing: section.vertices)
        // (1, 1) → (2, −3) → (3, 2) → (13, 22).
        #expect(box.map { ($0.minimum - SIMD3(10, 20, 0)).length < 1e-12 } == true, "\(String(describing: box))")
        #expect(box.map { ($0.maximum - SIMD3(13, 22, 0)).length < 1e-12 } == true, "\(String(describing: box))")
    }

    @Test func layersAreChosenByIdOrName() throws {
        let svg = """
            <svg xmlns:inkscape='x'><defs><rect id='no' width='9' height='9'/></defs>
            <g id='layer1' inkscape:label='liver'><rect width='1' height='1'/></g>
            <g id='layer2'><rect x='5' width='2' height='2'/><rect style='display: none' width='50' height='50'/></g></svg>
            """
        for (layer, area) in [("layer1", 1.0), ("liver", 1), ("layer2", 4)] {
            let set = try read(svg, table: Self.table(#", "layer": "\#(layer)""#)).slices
            #expect(set.sections[0].polygons.map(\.signedArea).reduce(0, +) == area)
        }
        let error = #expect(throws: SVGError.self) { try read(svg, table: Self.table(#", "layer": "spleen""#)) }
        #expect(error?.description.contains("spleen") == true)
    }

    @Test func tablesGivePlanesInSeveralWays() throws {
        let svg = "<svg><rect id='r' x='1' y='2' width='3' height='4'/></svg>"
        let json = """
            {"planes": [{"file": "a.svg", "origin": [5, 6, 7], "x": [0, 2, 0], "y": [0, 0, -2], "label": 4},
                        {"file": "a.svg", "equation": [0, 0, -2, 10]}]}
            """
        let csv = """
            file,layer,ox,oy,oz,xx,xy,xz,yx,yy,yz,a,b,c,d,label
            "a.svg","r",5,6,7,0,2,0,0,0,-2,,,,,4
            a.svg,,,,,,,,,,,0,0,-2,10,
            """
        let fromJSON = try read(svg, table: json).slices
        let fromCSV = try read(svg, table: csv, name: "planes.csv").slices
        #expect(fromJSON == fromCSV)
        let box = Box(enclosing: fromJSON.sections[0].vertices)
        #expect(box == Box(minimum: SIMD3(5, 8, -5), maximum: SIMD3(5, 14, 3)))
        #expect(fromJSON.sections[0].labels == [4] && fromJSON.sections[1].labels == [1])
        // z = 5, x along x, and y = normal × x, with the normal of the equation: downwards.
        let second = Box(enclosing: fromJSON.sections[1].vertices)
        #expect(second == Box(minimum: SIMD3(1, -6, 5), maximum: SIMD3(4, -2, 5)))
    }

    @Test func rowsOfOnePlaneAreOneSection() throws {
        let svg = "<svg><rect id='p' width='1' height='1'/><rect id='q' x='1' width='1' height='1'/></svg>"
        let rows = [(0, "p", 1), (0, "q", 2), (1, "p", 1), (1, "q", 2)].map { z, layer, label in
            #"{"file": "a.svg", "layer": "\#(layer)", "label": \#(label), "origin": [0, 0, \#(z)], "x": [1, 0, 0], "y": [0, 1, 0]}"#
        }
        let set = try read(svg, table: #"{"planes": [\#(rows.joined(separator: ", "))]}"#).slices
        #expect(set.sections.count == 2)
        #expect(set.sections.allSatisfy { $0.labels == [1, 2] })
    }

    @Test(arguments: [
        "<svg><!DOCTYPE svg [<!ENTITY a 'b'>]></svg>", "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg/>", "<html/>", "<svg>",
        "<svg></g></svg>", "<svg a=1/>", "<svg a='1/>", "<svg><!-- </svg>", "<svg><path d='L1 1'/></svg>",
        "<svg><path d='M0 0 L1'/></svg>", "<svg><path d='M0 0 X1 1'/></svg>", "<svg><path d='M0 0z3 3'/></svg>",
        "<svg><path d='M0 0A1 1 0 2 0 3 3'/></svg>", "<svg><polygon points='1 2 3'/></svg>",
        "<svg><rect width='1cm' height='1'/></svg>", "<svg><g transform='turn(3)'/></svg>",
        "<svg><g transform='scale('/></svg>", "<svg><path d='M0 0L1e99 0L1 1'/></svg>",
        String(repeating: "<svg>", count: 400),
    ])
    func faultsOfDrawingsAreNamed(svg: String) {
        let error = #expect(throws: SVGError.self) { try read(svg, table: Self.table()) }
        #expect(error?.description.hasPrefix("a.svg: ") == true, "\(String(describing: error))")
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"planes": [{"file": "../a.svg", "equation": [0, 0, 1, 0]}]}"#,
        #"{"planes": [{"file": "a.svg"}]}"#, #"{"planes": [{"file": "a.svg", "equation": [0, 0, 0, 1]}]}"#,
        #"{"planes": [{"file": "a.svg", "origin": [0, 0, 0], "x": [1, 0, 0], "y": [2, 0, 0]}]}"#,
        #"{"planes": [{"file": "a.svg", "equation": [0, 0, 1, 0], "label": 0}]}"#,
    ])
    func faultsOfTablesAreNamed(table: String) {
        #expect(throws: SVGError.self) { try read("<svg/>", table: table) }
    }

    @Test func mutationsAreSurvived() throws {
        let svg = try InputFile.read("\(Self.fixtures)/shapes.svg")
        let table = try InputFile.read("\(Self.fixtures)/planes.csv")
        let mutator = FileMutator(seed: 11)
        let folder = try TemporaryFolder()
        for number in 0..<150 {
            let spoilsTable = number % 3 == 0
            let drawing = spoilsTable ? svg : mutator.mutant(of: svg, with: table, number: UInt64(number))
            let rows = spoilsTable ? mutator.mutant(of: table, with: svg, number: UInt64(number)) : table
            try OutputFile.write(drawing, to: folder.path("shapes.svg"))
            try OutputFile.write(rows, to: folder.path("planes.csv"))
            let input = try? SliceInput.read(folder.root, options: SliceInputOptions(), threads: 1)
            input?.slices.checkInvariants()
        }
    }
}
