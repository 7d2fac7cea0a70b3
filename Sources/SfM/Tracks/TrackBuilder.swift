// SPDX-License-Identifier: Apache-2.0

import Mesh

/// Joins matches of many pairs into tracks.
///
/// Keypoints are joined by union–find over the inliers of all pairs. A component with two keypoints of one image holds at
/// least one wrong match; ``ConflictDivision`` takes it apart again by the weakest matches instead of dropping it.
package struct TrackBuilder {
    /// Keypoints of image `i` have the numbers `offsets[i] ..< offsets[i + 1]`.
    private let offsets: [Int]
    private let options: TrackOptions

    /// - Parameter keypointCounts: Keypoints of each image, by dense index.
    package init(keypointCounts: [Int], options: TrackOptions) {
        self.options = options
        var offsets = [0]
        for count in keypointCounts { offsets.append((offsets.last ?? 0) + count) }
        self.offsets = offsets
    }

    /// - Parameter pairs: In a fixed order, for the tie-breaks; keypoint indices are in range.
    package func tracks(of pairs: [DensePair]) -> TrackSet {
        let nodeCount = offsets.last ?? 0
        let used = pairs.filter { !$0.isContradicted && $0.inliers.count >= options.minimumPairInliers }
        var sets = DisjointSets(count: nodeCount)
        for pair in used {
            let (a, b) = (offsets[pair.first], offsets[pair.second])
            for match in pair.inliers { sets.join(a + Int(match.first), b + Int(match.second)) }
        }
        let imageOfNode = imageNumbers(nodeCount)
        var members = components(of: &sets, nodeCount: nodeCount)
        let division = ConflictDivision(offsets: offsets, imageOfNode: imageOfNode, pairs: used)
        let refused = division.divide(&members)
        return flattened(members, imageOfNode: imageOfNode, refused: refused)
    }

    private func imageNumbers(_ nodeCount: Int) -> [Int32] {
        var result = [Int32](repeating: 0, count: nodeCount)
        for image in 0..<(offsets.count - 1) {
            for node in offsets[image]..<offsets[image + 1] { result[node] = Int32(image) }
        }
        return result
    }

    /// For each node the smallest node of its component.
    private func components(of sets: inout DisjointSets, nodeCount: Int) -> NodeLabels {
        NodeLabels(labels: (0..<nodeCount).map { Int32(sets.root(of: $0)) })
    }

    private func flattened(_ members: NodeLabels, imageOfNode: [Int32], refused: [SIMD2<Int32>]) -> TrackSet {
        let groups = members.grouped()
        var result = TrackSet()
        result.dividedComponents = members.dividedComponents
        result.refusedMatches = refused.count
        var observationOfNode: [Int32: Int32] = [:]
        for group in 0..<(groups.starts.count - 1) {
            let nodes = groups.nodes[groups.starts[group]..<groups.starts[group + 1]]
            guard nodes.count >= options.minimumLength else { continue }
            for node in nodes {
                let image = imageOfNode[Int(node)]
                if !refused.isEmpty { observationOfNode[node] = Int32(result.imageIndices.count) }
                result.imageIndices.append(image)
                result.keypointIndices.append(node - Int32(offsets[Int(image)]))
            }
            result.starts.append(Int32(result.imageIndices.count))
        }
        result.refusedLinks = refused.compactMap { link in
            guard let a = observationOfNode[link.x], let b = observationOfNode[link.y] else { return nil }
            return SIMD2(a, b)
        }
        return result
    }
}

/// Which group each keypoint belongs to.
struct NodeLabels {
    /// For each node the smallest node of its group.
    var labels: [Int32]
    /// Groups that were taken apart.
    var dividedComponents = 0

    /// Nodes by group, groups and the nodes in them in ascending order: nodes of `g` are `nodes[starts[g]..<starts[g+1]]`.
    func grouped() -> (starts: [Int], nodes: [Int32]) {
        var sizes = [Int32](repeating: 0, count: labels.count)
        for label in labels { sizes[Int(label)] += 1 }
        var starts = [0]
        var cursor = [Int](repeating: 0, count: labels.count)
        for label in sizes.indices where sizes[label] > 0 {
            cursor[label] = starts[starts.count - 1]
            starts.append(starts[starts.count - 1] + Int(sizes[label]))
        }
        var nodes = [Int32](repeating: 0, count: labels.count)
        for node in labels.indices {
            let label = Int(labels[node])
            nodes[cursor[label]] = Int32(node)
            cursor[label] += 1
        }
        return (starts, nodes)
    }
}
