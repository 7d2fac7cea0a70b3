// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Fuzzing",
    dependencies: [.package(name: "Zeroset", path: "../..")],
    targets: [
        .executableTarget(
            name: "fuzz-inputs",
            dependencies: [
                .product(name: "Geometry", package: "Zeroset"),
                .product(name: "Mesh", package: "Zeroset"),
                .product(name: "Slices", package: "Zeroset"),
                .product(name: "TestSupport", package: "Zeroset"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
