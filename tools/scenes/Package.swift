// swift-tools-version: 6.1
import PackageDescription

let package = Package(
    name: "Scenes",
    dependencies: [.package(name: "Zeroset", path: "../..")],
    targets: [
        .executableTarget(
            name: "make-scenes",
            dependencies: [
                .product(name: "Geometry", package: "Zeroset"),
                .product(name: "Images", package: "Zeroset"),
                .product(name: "Mesh", package: "Zeroset"),
                .product(name: "TestSupport", package: "Zeroset"),
            ])
    ],
    swiftLanguageModes: [.v6]
)
