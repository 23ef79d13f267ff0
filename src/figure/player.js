/* The player of an HTML figure (figure_html.c). The ladder is whole without it:
 * it hides the rows that are still to come, and shows what the one that is
 * looked at says. Nothing is made from text: what it shows is in the page. */
(function () {
	"use strict";

	const SVG = "http://www.w3.org/2000/svg";
	const player = document.querySelector(".player");
	const ladder = player.querySelector(".player-stage > svg");
	const rows = Array.from(ladder.querySelectorAll(".rows > .row"));
	const bars = ladder.querySelector(".bars");
	const details = Array.from(player.querySelectorAll(".player-details details"));
	const controls = player.querySelector(".player-controls");
	const slider = controls.querySelector("input");
	const speed = controls.querySelector("select");
	const position = controls.querySelector("output");
	const status = controls.querySelector(".player-status");
	const hint = player.querySelector(".player-hint");
	const buttons = {};
	const labels = new Map(Array.from(ladder.querySelectorAll(".labels > g"), (label) => [label.dataset.row, label]));
	const boxes = rows.map((row) => row.getBBox()); // before anything is added to them
	const view = ladder.viewBox.baseVal;

	let shown = rows.length; // so many rows
	let looked = -1; // at this one, by a click, a tap or the focus; -1: at the newest
	let timer = 0; // of the next row while it plays

	function svgElement(name, parent, attributes) {
		const element = document.createElementNS(SVG, name);

		for (const key in attributes)
			element.setAttribute(key, attributes[key]);
		parent.insertBefore(element, parent.firstChild);
		return element;
	}

	function place(element, index) {
		element.style.display = index < 0 ? "none" : "";
		if (index < 0)
			return;
		element.setAttribute("x", view.x + 4);
		element.setAttribute("width", Math.max(view.width - 8, 0));
		element.setAttribute("y", boxes[index].y - 3);
		element.setAttribute("height", boxes[index].height + 6);
	}

	/* ---- what is in the picture ---- */

	const band = svgElement("rect", ladder, { class: "player-band", rx: 5 });
	const look = svgElement("rect", ladder.querySelector(".rows"), { class: "player-look", rx: 5 });
	const clip = svgElement("rect", svgElement("clipPath", ladder, { id: "player-clip" }),
		{ x: view.x, y: view.y, width: view.width, height: view.height });

	ladder.querySelector(".lifelines").before(band); // behind all but the ground

	/* "right", "left", or "" where no arrow is. */
	function direction(row) {
		const line = row.querySelector(".line"), head = row.querySelector(".head");

		if (!line || !head)
			return "";
		const a = line.getBBox(), b = head.getBBox();
		return b.x + b.width / 2 > a.x + a.width / 2 ? "right" : "left";
	}

	function rowPrepare(row, index) {
		const way = direction(row);

		if (way)
			row.classList.add("player-" + way);
		place(svgElement("rect", row, { class: "player-hit", rx: 5 }), index);
		row.setAttribute("role", "option");
		row.setAttribute("tabindex", "-1");
		row.setAttribute("aria-label", details[index].querySelector("summary").textContent);
	}

	function inspect(index) {
		details.forEach(function (one, i) {
			one.classList.toggle("player-shown", i === index);
			one.open = i === index;
		});
		hint.hidden = index >= 0;
		place(look, index === shown - 1 ? -1 : index);
	}

	function inspectDefault() {
		inspect(looked >= 0 && looked < shown ? looked : shown - 1);
	}

	function rowSet(row, visible, fresh) {
		row.classList.toggle("player-later", !visible);
		row.classList.toggle("player-new", visible && fresh);
		if (labels.has(row.dataset.row)) // it stands apart, over other rows' arrows
			labels.get(row.dataset.row).classList.toggle("player-later", !visible);
	}

	function disable(name, is) {
		buttons[name].setAttribute("aria-disabled", String(is));
	}

	/* Shows so many rows; the newest one is looked at. */
	function show(count, fresh) {
		const current = Math.max(count - 1, 0), atRow = rows.includes(document.activeElement);

		rows.forEach((row, i) => rowSet(row, i < count, fresh && i === count - 1 && count > shown));
		shown = count;
		looked = -1;
		place(band, shown - 1);
		if (bars) /* a call that waits has waited up to the newest row */
			clip.setAttribute("height", shown === rows.length ? view.height
				: shown === 0 ? 0 : boxes[shown - 1].y + boxes[shown - 1].height - view.y);
		rows.forEach((row, i) => row.setAttribute("tabindex", i === current && shown > 0 ? "0" : "-1"));
		rows.forEach((row, i) => row.setAttribute("aria-selected", String(i === shown - 1)));
		slider.value = shown;
		position.value = shown + " / " + rows.length;
		slider.setAttribute("aria-valuetext", player.dataset.position.replace("%1", shown).replace("%2", rows.length));
		status.textContent = shown > 0 ? rows[shown - 1].getAttribute("aria-label") : "";
		disable("first", shown === 0);
		disable("back", shown === 0);
		disable("next", shown === rows.length);
		disable("last", shown === rows.length);
		inspect(shown - 1);
		if (atRow && shown > 0)
			rows[shown - 1].focus({ preventScroll: true });
	}

	/* Nothing moves but where the row would not be seen. */
	function follow() {
		const box = shown > 0 ? rows[shown - 1].getBoundingClientRect() : ladder.getBoundingClientRect();
		const panel = player.querySelector(".player-details").getBoundingClientRect();
		const below = panel.left < ladder.getBoundingClientRect().right; // and not beside it
		const bottom = Math.min(controls.getBoundingClientRect().top, below ? Math.max(panel.top, 100) : Infinity);
		const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;

		if (box.top < 0 || (shown > 0 && box.bottom > bottom))
			window.scrollBy({ top: box.top - (shown > 0 ? bottom / 2 : 20), behavior: calm ? "auto" : "smooth" });
	}

	/* ---- playing ---- */

	function delay() {
		const [kind, number] = speed.value.split(" ");

		if (kind === "even" || shown === 0)
			return kind === "even" ? Number(number) : 0;
		return Math.max(0, (details[shown].dataset.us - details[shown - 1].dataset.us) / 1000 * number);
	}

	function playing(is) {
		controls.classList.toggle("player-playing", is);
		buttons.play.setAttribute("aria-label", is ? buttons.play.dataset.pause : buttons.play.dataset.play);
	}

	function stop() {
		clearTimeout(timer);
		timer = 0;
		playing(false);
	}

	function schedule() {
		/* A browser counts in int32 milliseconds. */
		timer = setTimeout(function () {
			show(shown + 1, true);
			follow();
			if (shown < rows.length)
				schedule();
			else
				stop();
		}, Math.min(delay(), 0x7fffffff));
	}

	function play() {
		if (timer) {
			stop();
			return;
		}
		if (shown === rows.length) {
			show(0, false);
			follow();
		}
		playing(true);
		schedule();
	}

	function go(count) {
		stop();
		show(Math.min(Math.max(count, 0), rows.length), count === shown + 1);
		follow();
	}

	/* ---- what is asked for ---- */

	const actions = {
		first: () => go(0),
		back: () => go(shown - 1),
		play: play,
		next: () => go(shown + 1),
		last: () => go(rows.length),
	};
	const keys = {
		ArrowRight: actions.next, ArrowDown: actions.next,
		ArrowLeft: actions.back, ArrowUp: actions.back,
		Home: actions.first, End: actions.last,
		" ": actions.play,
	};

	/* The controls have keys of their own, and need them. */
	function isTaken(target, key) {
		if (target === slider)
			return key !== " ";
		if (target === speed)
			return true;
		return Boolean(target.closest && target.closest("button, summary")) && key === " ";
	}

	function onKey(event) {
		if (event.ctrlKey || event.altKey || event.metaKey || isTaken(event.target, event.key))
			return;
		if (event.key === "Escape" || (event.key === "Enter" && rows.includes(event.target)))
			lookAt(event.key === "Escape" ? -1 : rows.indexOf(event.target));
		if (!keys[event.key])
			return;
		event.preventDefault();
		keys[event.key]();
	}

	function rowAt(target) {
		return target.closest ? rows.indexOf(target.closest(".row")) : -1;
	}

	function lookAt(index) {
		looked = index;
		inspectDefault();
	}

	rows.forEach(rowPrepare);
	for (const button of controls.querySelectorAll("button")) {
		buttons[button.dataset.do] = button;
		button.addEventListener("click", () => actions[button.dataset.do]());
	}
	ladder.setAttribute("role", "group");
	ladder.querySelector(".rows").setAttribute("role", "listbox");
	ladder.querySelector(".rows").setAttribute("aria-label", slider.getAttribute("aria-label"));
	if (bars)
		bars.style.clipPath = "url(#player-clip)";
	ladder.addEventListener("pointerover", function (event) {
		const index = rowAt(event.target);

		if (event.pointerType === "mouse" && index >= 0)
			inspect(index);
	});
	ladder.addEventListener("pointerleave", inspectDefault);
	ladder.addEventListener("click", function (event) {
		const index = rowAt(event.target);

		if (index < 0)
			return;
		if (timer)
			stop();
		lookAt(index);
	});
	ladder.addEventListener("focusin", (event) => lookAt(rowAt(event.target)));
	slider.addEventListener("input", () => go(Number(slider.value)));
	document.addEventListener("keydown", onKey);
	player.classList.add("player-on");
	controls.hidden = false;
	show(rows.length, false);
})();
