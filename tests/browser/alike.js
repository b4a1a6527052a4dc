// The kinds of text on a page: texts of a kind are judged alike, for a kind is all that the
// judgement of its colours depends on. That is the colour, size and weight of the text, what its
// ancestors paint, and what lies before or behind it without being one of them.
(passed) => {
  const CLEAR = "rgba(0, 0, 0, 0)";
  const PLAIN = { backgroundColor: CLEAR, backgroundImage: "none", opacity: "1", filter: "none",
    mixBlendMode: "normal", backgroundClip: "border-box", clipPath: "none", maskImage: "none" };
  const TEXT = ["color", "fontSize", "fontWeight", "textShadow", "webkitTextStroke"];
  const FIELDS = "input, select, textarea";
  const PICTURES = "img, svg, canvas, video, iframe";
  const STICKS = 150;  // more than what sticks to the top of the window is high
  const grounds = new Map();

  // What an element paints, and all that it stands on.
  function ground(element) {
    if (!element) return "";
    if (!grounds.has(element)) {
      const parts = [ground(element.parentElement), painted(element)];
      grounds.set(element, parts.filter(Boolean).join(" > "));
    }
    return grounds.get(element);
  }

  function painted(element) {
    const style = getComputedStyle(element);
    const parts = Object.entries(PLAIN).filter(([name, plain]) => style[name] !== plain)
      .map(([name]) => style[name]);
    if (element.matches(PICTURES)) parts.push(element.localName);
    parts.push(pseudo(element, "::before"), pseudo(element, "::after"));
    return parts.filter(Boolean).join(", ");
  }

  // What it paints besides may lie over the text, if it is large enough.
  function pseudo(element, which) {
    const style = getComputedStyle(element, which);
    if (["none", "normal"].includes(style.content)) return "";
    if (style.backgroundColor === CLEAR && style.backgroundImage === "none") return "";
    const { width, height } = element.getBoundingClientRect();
    return [which, style.position, style.backgroundColor, style.backgroundImage,
      style.width, style.height, width, height].join(" ");
  }

  function words(element) {
    return [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim());
  }

  // Axe judges what can be seen; text within a drawing stands on a picture, where it cannot.
  function judged(element) {
    if (!element.matches(FIELDS) && !words(element).length) return false;
    if (element.closest("svg")) return false;
    if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) return false;
    const { width, height, right, bottom } = element.getBoundingClientRect();
    return width > 1 && height > 1 && right > 0 && bottom > 0;
  }

  function middle(element) {
    const range = document.createRange(), [text] = words(element);
    if (text) range.selectNodeContents(text);
    const place = (text && range.getClientRects()[0]) || element.getBoundingClientRect();
    return { x: place.left + place.width / 2, y: place.top + place.height / 2 };
  }

  function others(element, { x, y }) {
    return document.elementsFromPoint(x, y - scrollY)
      .filter((one) => !one.contains(element) && !element.contains(one)).map(ground).join(" | ");
  }

  function look(element) {
    const style = getComputedStyle(element);
    const around = element.closest("a") ? getComputedStyle(element.closest("a").parentElement) : {};
    const link = [style.textDecorationLine, around.color];
    return [...TEXT.map((name) => style[name]), ...link, element.matches(FIELDS),
      element.textContent.trim().length === 1, ground(element)].join(" / ");
  }

  const top = (y) => scrollTo({ top: y, behavior: "instant" });
  top(0);
  const texts = [...document.body.querySelectorAll("*")].filter(judged)
    .map((element) => ({ element, at: middle(element) })).sort((a, b) => a.at.y - b.at.y);
  window.qofKinds = new Map();
  for (const { element, at } of texts) {
    if (at.y > scrollY + innerHeight) top(at.y - STICKS);
    const kind = `${look(element)} | ${others(element, at)}`;
    if (!qofKinds.has(kind)) qofKinds.set(kind, []);
    qofKinds.get(kind).push(element);
  }
  top(0);
  const known = new Set(passed);
  return [...qofKinds.keys()].filter((kind) => !known.has(kind));
}
