// SPDX-License-Identifier: Apache-2.0

import Mesh

/// Takes components apart that hold two keypoints of one image.
///
/// The matches of such a component are taken again, best first, and each joins its two groups only when these share no
/// image. A match is better the more third keypoints are matched to both its ends (a wrong match rarely closes a triangle),
/// then the more inliers its pair has; ties go by pair and keypoint, so the result depends on nothing but the matches.
struct ConflictDivision {
    let offsets: [Int]
    let imageOfNode: [Int32]
    let pairs: [DensePair]

    private struct Edge {
        var a: Int32
        var b: Int32
        var pairInliers: Int32
        var triangles: Int32 = 0
    }

    /// Relabels the nodes of components with conflicts; returns the ends of the matches that joined nothing.
    func divide(_ members: inout NodeLabels) -> [SIMD2<Int32>] {
        let conflicted = conflictedComponents(members)
        guard conflicted.contains(true) else { return [] }
        var edges = edges(within: conflicted, members)
        countTriangles(&edges)
        edges.sort {
            ($1.triangles, $1.pairInliers, $0.a, $0.b) < ($0.triangles, $0.pairInliers, $1.a, $1.b)
        }
        for node in members.labels.indices where conflicted[Int(members.labels[node])] {
            if Int(members.labels[node]) == node { members.dividedComponents += 1 }
        }
        for node in members.labels.indices
        where conflicted[Int(members.labels[node])] && Int(members.labels[node]) != node {
            members.labels[node] = Int32(node)
        }
        return rejoin(edges, &members)
    }

    private func conflictedComponents(_ members: NodeLabels) -> [Bool] {
        let groups = members.grouped()
        var result = [Bool](repeating: false, count: members.labels.count)
        for group in 0..<(groups.starts.count - 1) {
            let nodes = groups.nodes[groups.starts[group]..<groups.starts[group + 1]]
            // Nodes ascend, so keypoints of one image are neighbours.
            let clash = zip(nodes, nodes.dropFirst()).contains { imageOfNode[Int($0)] == imageOfNode[Int($1)] }
            if clash, let first = nodes.first { result[Int(first)] = true }
        }
        return result
    }

    private func edges(within conflicted: [Bool], _ members: NodeLabels) -> [Edge] {
        var result: [Edge] = []
        for pair in pairs {
            for match in pair.inliers {
                let a = offsets[pair.first] + Int(match.first)
                guard conflicted[Int(members.labels[a])] else { continue }
                let b = offsets[pair.second] + Int(match.second)
                result.append(Edge(a: Int32(a), b: Int32(b), pairInliers: Int32(pair.inliers.count)))
            }
        }
        return result
    }

    private func countTriangles(_ edges: inout [Edge]) {
        var neighbours: [Int32: [Int32]] = [:]
        for edge in edges {
            neighbours[edge.a, default: []].append(edge.b)
            neighbours[edge.b, default: []].append(edge.a)
        }
        for key in neighbours.keys { neighbours[key]?.sort() }
        for index in edges.indices {
            guard let a = neighbours[edges[index].a], let b = neighbours[edges[index].b] else { continue }
            var (i, j, common) = (0, 0, Int32(0))
            while i < a.count && j < b.count {
                if a[i] == b[j] { common += 1 }
                let step = a[i] <= b[j]
                if a[i] >= b[j] { j += 1 }
                if step { i += 1 }
            }
            edges[index].triangles = common
        }
    }

    private func rejoin(_ edges: [Edge], _ members: inout NodeLabels) -> [SIMD2<Int32>] {
        var sets = DisjointSets(count: members.labels.count)
        var images: [Int: [Int32]] = [:]
        var refused: [SIMD2<Int32>] = []
        for edge in edges {
            let (a, b) = (sets.root(of: Int(edge.a)), sets.root(of: Int(edge.b)))
            if a == b { continue }
            let first = images[a] ?? [imageOfNode[a]]
            let second = images[b] ?? [imageOfNode[b]]
            guard let union = disjointUnion(first, second) else {
                refused.append(SIMD2(edge.a, edge.b))
                continue
            }
            sets.join(a, b)
            images[max(a, b)] = nil
            images[min(a, b)] = union
        }
        for edge in edges {
            for node in [edge.a, edge.b] { members.labels[Int(node)] = Int32(sets.root(of: Int(node))) }
        }
        return refused
    }

    /// The merged list of two ascending lists, or `nil` when they share an element.
    private func disjointUnion(_ a: [Int32], _ b: [Int32]) -> [Int32]? {
        var result: [Int32] = []
        result.reserveCapacity(a.count + b.count)
        var (i, j) = (0, 0)
        while i < a.count && j < b.count {
            if a[i] == b[j] { return nil }
            if a[i] < b[j] {
                result.append(a[i])
                i += 1
            } else {
                result.append(b[j])
                j += 1
            }
        }
        result.append(contentsOf: a[i...])
        result.append(contentsOf: b[j...])
        return result
    }
}
