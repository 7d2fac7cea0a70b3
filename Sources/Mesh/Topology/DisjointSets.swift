// SPDX-License-Identifier: Apache-2.0

/// Union–find with path halving; the smaller index becomes the root, so results do not depend on the order of unions.
package struct DisjointSets {
    private var parent: [UInt32]

    /// Creates `count` sets of one element each.
    package init(count: Int) {
        precondition(count <= Int(UInt32.max), "32-bit indices name at most \(UInt32.max) elements")
        parent = Array(0..<UInt32(count))
    }

    /// The smallest element of the set that holds `element`.
    package mutating func root(of element: Int) -> Int {
        var current = element
        while Int(parent[current]) != current {
            parent[current] = parent[Int(parent[current])]
            current = Int(parent[current])
        }
        return current
    }

    /// Joins the sets of `a` and `b`.
    package mutating func join(_ a: Int, _ b: Int) {
        let first = root(of: a)
        let second = root(of: b)
        if first < second { parent[second] = UInt32(first) } else { parent[first] = UInt32(second) }
    }
}
