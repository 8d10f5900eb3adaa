"use strict";
// Search and filters. The page is whole without them.
(function () {
	const byId = (id) => document.getElementById(id);
	const articles = Array.from(document.querySelectorAll("article"));
	const texts = new Map();
	const textOf = (article) => {
		if (!texts.has(article))
			texts.set(article, article.textContent.toLowerCase());
		return texts.get(article);
	};

	function filter() {
		const words = byId("find").value.toLowerCase().split(/\s+/).filter(Boolean);
		const risk = byId("risk").value, phase = byId("phase").value, only = byId("only").value;
		let shown = 0;
		for (const article of articles) {
			const data = article.dataset;
			const good = (!risk || data.risk === risk) && (!phase || data.phase === phase) &&
				(!only || data.only.split(" ").includes(only)) && words.every((word) => textOf(article).includes(word));
			article.hidden = !good;
			shown += good ? 1 : 0;
		}
		byId("shown").textContent = shown === articles.length ? shown + " migrations" : shown + " of " + articles.length + " migrations";
		byId("none").hidden = shown > 0 || !articles.length;
	}

	function setOpen(open) {
		for (const article of articles)
			if (!article.hidden)
				article.querySelector("details").open = open;
	}

	// A link leads to a migration that is closed, or that the filters hide.
	function reveal() {
		const target = location.hash && byId(decodeURIComponent(location.hash.slice(1)));
		if (!target || target.tagName !== "ARTICLE")
			return;
		target.hidden = false;
		target.querySelector("details").open = true;
		target.scrollIntoView();
	}

	const filters = byId("filters");
	filters.hidden = articles.length < 2;
	filters.addEventListener("input", filter);
	byId("all").addEventListener("click", () => {
		for (const id of ["find", "risk", "phase", "only"])
			byId(id).value = "";
		filter();
		byId("find").focus();
	});
	byId("open").addEventListener("click", () => setOpen(true));
	byId("close").addEventListener("click", () => setOpen(false));
	window.addEventListener("hashchange", reveal);
	document.addEventListener("keydown", (event) => {
		if (event.key === "/" && !event.ctrlKey && !event.metaKey && !/^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
			event.preventDefault();
			byId("find").focus();
		}
	});

	// Paper shows everything that the filters leave.
	let closed = [];
	window.addEventListener("beforeprint", () => {
		closed = Array.from(document.querySelectorAll("details:not([open])"));
		for (const details of closed)
			details.open = true;
	});
	window.addEventListener("afterprint", () => {
		for (const details of closed)
			details.open = false;
	});
	filter();
	reveal();
})();
