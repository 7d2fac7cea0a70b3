// SPDX-License-Identifier: Apache-2.0

import Geometry

/// Finds the same photos in two models by their names.
enum ImagePairing {
    /// For each image of the truth, in the order of IDs, the image of the estimate, or `nil` when it is not registered.
    ///
    /// Whole names are compared first, then names without folders, then without extension, each without regard to case;
    /// the first comparison counts under which names are unique in both models and any agree.
    static func pairs(estimate: Reconstruction, truth: Reconstruction) -> [(truth: ImageID, estimate: ImageID?)] {
        pairs(
            estimate: estimate.images.mapValues(\.name), truth: truth.images.mapValues(\.name))
    }

    /// The same for names alone.
    static func pairs(
        estimate: [ImageID: String], truth: [ImageID: String]
    ) -> [(truth: ImageID, estimate: ImageID?)] {
        let ids = truth.keys.sorted()
        for key in [normalized, base, stem] {
            let trueKeys = ids.map { key(truth[$0] ?? "") }
            let found = estimate.sorted { $0.key < $1.key }.map { (key($0.value), $0.key) }
            let byKey = Dictionary(found, uniquingKeysWith: { first, _ in first })
            guard Set(trueKeys).count == trueKeys.count, byKey.count == found.count else { continue }
            let result = zip(ids, trueKeys).map { (truth: $0, estimate: byKey[$1]) }
            if result.contains(where: { $0.estimate != nil }) { return result }
        }
        return ids.map { ($0, nil) }
    }

    private static func normalized(_ name: String) -> String {
        String(name.map { $0 == "\\" ? "/" : $0 }).lowercased()
    }

    private static func base(_ name: String) -> String {
        let name = normalized(name)
        return name.lastIndex(of: "/").map { String(name[name.index(after: $0)...]) } ?? name
    }

    private static func stem(_ name: String) -> String {
        let name = base(name)
        // A dot at the start belongs to the name.
        guard let dot = name.lastIndex(of: "."), name[..<dot].contains(where: { $0 != "." }) else { return name }
        return String(name[..<dot])
    }
}
