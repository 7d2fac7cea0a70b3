// SPDX-License-Identifier: Apache-2.0
// Shows the arrays of the page in three.js: cameras, points, contours and the mesh, drawn only when something changes.
(function () {
    "use strict";
    const holder = document.getElementById("viewer");
    const canvas = holder.querySelector("canvas");
    const note = document.getElementById("viewer-note");
    const description = JSON.parse(document.getElementById("scene-description").textContent);

    let renderer;
    try {
        renderer = new THREE.WebGLRenderer({ canvas: canvas, antialias: true });
    } catch (error) {
        holder.hidden = true;
        document.getElementById("viewer-controls").hidden = true;
        note.textContent = "This browser does not offer WebGL, which the 3D view needs.";
        return;
    }

    // MARK: Arrays

    const bytes = Uint8Array.from(atob(document.getElementById("scene-data").textContent), (c) => c.charCodeAt(0));
    const array = (Type, slice) => new Type(bytes.buffer, slice.offset, slice.count);
    const frusta = array(Float32Array, description.frusta);
    const corner = (camera, index) => new THREE.Vector3().fromArray(frusta, 15 * camera + 3 * index);

    const scene = new THREE.Scene();
    const layers = {};
    const colorOf = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const up = new THREE.Vector3().fromArray(description.up);

    /** Geometry with these attributes: arrays and the number of components. */
    function geometryOf(attributes, index) {
        const geometry = new THREE.BufferGeometry();
        for (const name of Object.keys(attributes)) {
            const [values, size, isNormalized] = attributes[name];
            geometry.setAttribute(name, new THREE.BufferAttribute(values, size, isNormalized === true));
        }
        if (index) geometry.setIndex(new THREE.BufferAttribute(index, 1));
        return geometry;
    }

    function add(layer, object) {
        layers[layer] = object;
        scene.add(object);
    }

    // MARK: Content

    const mesh = description.mesh;
    if (mesh) {
        const places = array(Uint16Array, mesh.positions);
        const positions = new Float32Array(places.length);
        for (let i = 0; i < places.length; i++) {
            const axis = i % 3;
            positions[i] = mesh.lower[axis] + (mesh.upper[axis] - mesh.lower[axis]) * (places[i] / 65535);
        }
        const attributes = { position: [positions, 3] };
        if (mesh.colors) attributes.color = [array(Uint8Array, mesh.colors), 3, true];
        const indices = array(mesh.isWide ? Uint32Array : Uint16Array, mesh.indices);
        const geometry = geometryOf(attributes, indices);
        geometry.computeVertexNormals();
        const base = { side: THREE.DoubleSide, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 };
        const plain = new THREE.MeshLambertMaterial(Object.assign({ color: 0xc9cdd1 }, base));
        const colored = new THREE.MeshLambertMaterial(Object.assign({ vertexColors: THREE.VertexColors }, base));
        const surface = new THREE.Mesh(geometry, mesh.colors ? colored : plain);
        add("mesh", surface);
        if (mesh.colors) {
            // Not an object: a switch between two materials.
            layers.colors = {
                set visible(isOn) {
                    surface.material = isOn ? colored : plain;
                    setLight(isOn);
                },
            };
        }
        const wire = new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({
            color: 0x20242a, wireframe: true, transparent: true, opacity: 0.25 }));
        wire.visible = false;
        add("wire", wire);
    }

    // Photographed colours carry their own light: little shading there, more where only the shape is to be seen.
    const ambient = new THREE.AmbientLight(0xffffff, 0.8);
    const head = new THREE.DirectionalLight(0xffffff, 0.3);
    function setLight(isColored) {
        ambient.intensity = isColored ? 0.82 : 0.42;
        head.intensity = isColored ? 0.25 : 0.62;
    }
    setLight(Boolean(mesh && mesh.colors));
    scene.add(ambient, head, head.target);

    if (description.points.count) {
        const points = new THREE.Points(
            geometryOf({
                position: [array(Float32Array, description.points), 3],
                color: [array(Uint8Array, description.pointColors), 3, true],
            }),
            new THREE.PointsMaterial({ size: 2.2, sizeAttenuation: false, vertexColors: THREE.VertexColors }));
        add("points", points);
    }

    /** Segments between places that a function names in pairs. */
    function segments(color, opacity, fill) {
        const ends = [];
        fill((a, b) => ends.push(a.x, a.y, a.z, b.x, b.y, b.z));
        return new THREE.LineSegments(
            geometryOf({ position: [new Float32Array(ends), 3] }),
            new THREE.LineBasicMaterial({ color: color, transparent: opacity < 1, opacity: opacity }));
    }

    const count = description.cameras.length;
    const centers = description.cameras.map((_, camera) => corner(camera, 0));
    // Pyramids stay smaller than the way from one camera to the next.
    let reach = 0.16;
    if (count > 1) {
        const nearest = centers.map((a, i) =>
            Math.min(...centers.map((b, j) => (i === j ? Infinity : a.distanceTo(b)))));
        reach = Math.min(0.35, Math.max(0.04, 0.45 * nearest.sort((a, b) => a - b)[nearest.length >> 1]));
    }
    const corners = centers.map((center, camera) => [1, 2, 3, 4].map((index) => {
        // Corners are at unit depth in the units of the result; only their direction matters here.
        const direction = corner(camera, index).sub(center);
        return direction;
    }));
    corners.forEach((four, camera) => {
        const middle = four.reduce((sum, d) => sum.add(d), new THREE.Vector3()).multiplyScalar(0.25);
        const factor = reach / (middle.length() || 1);
        corners[camera] = four.map((d) => d.multiplyScalar(factor).add(centers[camera]));
    });

    if (count) {
        const pyramids = segments(colorOf("--accent"), 1, (put) => {
            corners.forEach((four, camera) => four.forEach((place, i) => {
                put(centers[camera], place);
                put(place, four[(i + 1) % 4]);
            }));
        });
        add("cameras", pyramids);

        const photos = new THREE.Group();
        photos.visible = false;
        description.cameras.forEach((camera, i) => {
            const image = document.querySelector('img[data-photo="' + camera.row + '"]');
            if (!image) return;
            const texture = new THREE.Texture(image);
            texture.minFilter = THREE.LinearFilter;
            texture.generateMipmaps = false;
            const [a, b, c, d] = corners[i];
            const positions = new Float32Array([a, d, b, c].flatMap((p) => [p.x, p.y, p.z]));
            const geometry = geometryOf(
                { position: [positions, 3], uv: [new Float32Array([0, 1, 0, 0, 1, 1, 1, 0]), 2] },
                new Uint16Array([0, 1, 2, 2, 1, 3]));
            photos.add(new THREE.Mesh(
                geometry, new THREE.MeshBasicMaterial({ map: texture, side: THREE.DoubleSide })));
            const show = () => { texture.needsUpdate = true; draw(); };
            if (image.complete) texture.needsUpdate = true; else image.addEventListener("load", show);
        });
        add("photos", photos);
    }

    if (description.links.count) {
        const ends = array(Uint32Array, description.links);
        const strengths = array(Uint8Array, description.strengths);
        const group = new THREE.Group();
        group.visible = false;
        // Three bundles instead of one material for each pair.
        [[0, 0.1], [64, 0.3], [140, 0.7]].forEach(([lower, opacity], i, all) => {
            const upper = i + 1 < all.length ? all[i + 1][0] : 256;
            group.add(segments(colorOf("--accent"), opacity, (put) => {
                strengths.forEach((strength, pair) => {
                    if (strength >= lower && strength < upper) put(centers[ends[2 * pair]], centers[ends[2 * pair + 1]]);
                });
            }));
        });
        add("links", group);
    }

    if (description.contours.count) {
        const places = array(Float32Array, description.contours);
        let first = 0;
        add("contours", segments(0xd9661f, 1, (put) => {
            for (const size of description.contourSizes) {
                for (let i = 0; i < size; i++) {
                    put(new THREE.Vector3().fromArray(places, 3 * (first + i)),
                        new THREE.Vector3().fromArray(places, 3 * (first + (i + 1) % size)));
                }
                first += size;
            }
        }));
    }

    // MARK: Looking at it

    const camera = new THREE.PerspectiveCamera(40, 1, 0.01, 100);
    camera.up.copy(up);
    const controls = new THREE.OrbitControls(camera, canvas);
    controls.minDistance = 0.05;
    controls.maxDistance = 40;

    /** From where the photos were taken, or from the front and above. */
    function startDirection() {
        const direction = new THREE.Vector3();
        if (count) {
            centers.forEach((center) => direction.add(center.clone().normalize()));
            direction.divideScalar(count);
            // Cameras all around have no side of their own: from the first photo.
            if (direction.clone().addScaledVector(up, -direction.dot(up)).length() < 0.3) direction.copy(centers[0]);
        } else {
            const front = Math.abs(up.z) > 0.9 ? new THREE.Vector3(0, -1, 0) : new THREE.Vector3(0, 0, 1);
            direction.copy(front).addScaledVector(new THREE.Vector3(1, 0, 0), 0.6);
        }
        direction.normalize();
        const level = direction.clone().addScaledVector(up, -direction.dot(up));
        if (level.length() < 0.2) return direction;
        return level.normalize().addScaledVector(up, Math.min(0.8, Math.max(0.3, direction.dot(up)))).normalize();
    }

    function reset() {
        controls.target.set(0, 0, 0);
        camera.position.copy(startDirection()).multiplyScalar(count ? 3.3 : 3.1);
        controls.update();
        draw();
    }

    let isDue = false;
    function draw() {
        if (isDue) return;
        isDue = true;
        requestAnimationFrame(() => {
            isDue = false;
            head.position.copy(camera.position);
            head.target.position.copy(controls.target);
            renderer.render(scene, camera);
        });
    }

    function fit() {
        const [width, height] = [holder.clientWidth, holder.clientHeight];
        if (!width || !height) return;
        renderer.setPixelRatio(Math.min(window.devicePixelRatio || 1, 2));
        renderer.setSize(width, height, false);
        camera.aspect = width / height;
        // A narrow window sees as much to the sides as a square one.
        camera.fov = width < height ? 2 * Math.atan(Math.tan(Math.PI / 9) * height / width) * 180 / Math.PI : 40;
        camera.updateProjectionMatrix();
        draw();
    }

    function applyTheme() {
        renderer.setClearColor(new THREE.Color(colorOf("--view")));
        if (layers.cameras) layers.cameras.material.color.set(colorOf("--accent"));
        draw();
    }

    document.querySelectorAll("#viewer-controls input").forEach((box) => {
        const apply = () => { layers[box.dataset.layer].visible = box.checked; draw(); };
        box.addEventListener("change", apply);
        apply();
    });
    document.querySelector('[data-action="reset"]').addEventListener("click", reset);

    // MARK: Choosing a photo

    const label = document.getElementById("viewer-label");
    function choose(index) {
        document.querySelectorAll("tr.chosen").forEach((row) => row.classList.remove("chosen"));
        label.hidden = index < 0;
        if (index < 0) return;
        const chosen = description.cameras[index];
        const row = document.getElementById("photo-" + chosen.row);
        const image = document.querySelector('img[data-photo="' + chosen.row + '"]');
        label.replaceChildren(...(image ? [image.cloneNode()] : []), document.createTextNode(chosen.name));
        if (row) row.classList.add("chosen");
    }

    let pressed = null;
    canvas.addEventListener("pointerdown", (event) => { pressed = [event.clientX, event.clientY]; });
    canvas.addEventListener("pointerup", (event) => {
        if (!pressed || !count || Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > 4) return;
        const box = canvas.getBoundingClientRect();
        let [best, nearest] = [-1, 24];
        centers.forEach((center, i) => {
            const middle = corners[i].reduce((sum, p) => sum.add(p), center.clone()).multiplyScalar(0.2).project(camera);
            if (middle.z > 1) return;
            const distance = Math.hypot(
                box.left + (middle.x + 1) / 2 * box.width - event.clientX,
                box.top + (1 - middle.y) / 2 * box.height - event.clientY);
            if (distance < nearest) [best, nearest] = [i, distance];
        });
        choose(best);
    });

    controls.addEventListener("change", draw);
    new ResizeObserver(fit).observe(holder);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", applyTheme);
    applyTheme();
    fit();
    reset();
})();
