// For a person who writes without a name: point at details that few people know. It all happens in
// this browser. Nothing is sent or stored, and the page works without this file.
const DAYS = "Mon|Tues|Wednes|Thurs|Fri|Satur|Sun";
const MONTHS =
  "January|February|March|April|May|June|July|August|September|October|November|December";
// People write in either language, whatever the page is in, and in both at once.
const WELSH_DAYS = "Llun|Mercher|Iau|Gwener|Sadwrn|Sul";
const WELSH_MONTHS =
  "Ionawr|Chwefror|Mawrth|Ebrill|Mai|Mehefin|Gorffennaf|Awst|Medi|Hydref|Tachwedd|Rhagfyr|" +
  "Fawrth|Fai|Fehefin|Orffennaf|Dachwedd|Ragfyr";
const EVERY_MONTH = `${MONTHS}|${WELSH_MONTHS}`;
const WORDS_WITH_CAPITALS = new RegExp(
  `^(?:I|I'm|I've|I'd|Mr|Mrs|Ms|Dr|HR|UK|EU|OK|(?:${DAYS})days?|${EVERY_MONTH}|${WELSH_DAYS}|` +
    "Black|White|Asian|African|Caribbean|British|English|Welsh|Scottish|Irish|European|Muslim|" +
    "Islam|Christian|Hindu|Sikh|Jewish|Roma|Gypsy|Traveller|Eid|Diwali|Christmas|Easter|Ramadan|" +
    "Acas|AD|DU|UE|Du|Ddu|Gwyn|Asiaidd|Affricanaidd|Caribïaidd|Prydeinig|Saesneg|Saeson|" +
    "Cymraeg|Gymraeg|Cymru|Nghymru|Gymru|Cymro|Cymraes|Gwyddelig|Albanaidd|Mwslim|Cristion|" +
    "Hindŵ|Iddewig|Sipsi|Teithiwr|Nadolig|Pasg)$",
);
const ORDINAL = "(?:st|nd|rd|th|af|ain|eg|fed)?";
const MONTH = `(?:${EVERY_MONTH})(?!\\p{L})`;

// A Welsh word, whole: \b knows no letter with an accent.
function word(forms) {
  return new RegExp(`(?<!\\p{L})(?:${forms})(?!\\p{L})`, "giu");
}

// The kind of a detail, and how it is found. The words for each kind are in the page.
const KINDS = [
  ["address", /[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b(?:https?:\/\/|www\.)\S+/gi],
  ["address", /\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b/g],
  ["day", new RegExp(`\\b\\d{1,2}${ORDINAL}(?: of| o)?(?: fis)? ${MONTH}(?: \\d{4})?`, "giu")],
  ["day", /\b\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}\b/g],
  ["day", /\b(?:\d{1,2}[:.]\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m)\b/gi],
  ["number", /\b(?=[\w-]*\d{3})[A-Z]{0,4}[\d][\d -]{2,}\d\b|\b[A-Z]{1,4}-?\d{3,}\b/g],
  ["number", /\b(?=[A-Z-]*\d)[A-Z]{2,4}-[A-Z\d]{4,}\b/g],
  ["role", /\b(?:head of|manager|director|deputy|supervisor|team leader|trainee|apprentice)\b/gi],
  ["role", word("[bp]h?ennaeth|mhennaeth|rh?eolwr|rheolwraig|[cg]yfarwyddwr|nghyfarwyddwr")],
  ["role", word("dd?irprwy|nirprwy|g?oruchwyliwr|arweinydd (?:y )?t[iî]m|hyfforddai")],
  ["role", word("[bp]rentis|mhrentis|[dn]erbynnydd|dderbynnydd|g?weinyddwr")],
  ["role", /\b(?:receptionist|administrator|SPO|PQiP|union rep(?:resentative)?)\b/g],
  ["unit", /\b(?:(?:my|our) (?:\w+ )?(?:team|office|unit|shift|cohort)|team of \w+)\b/gi],
  ["unit", word("(?:fy|ein|eu) (?:nh[iî]m|[dt][iî]m|swyddfa|h?uned|shifft)|t[iî]m o \\p{L}+")],
  ["unit", word("un o['’]r (?:ddau|ddwy|tri|tair)(?: \\p{L}+){1,3}")],
  ["unit", /(?:(?<!\p{L})yr|['’]r) unig(?: \p{L}+){1,3}/giu],
  ["unit", /\b(?:the|one of the|one of) (?:only|two|three|four)\b(?: \w+){1,3}/gi],
];
// A word with a capital that does not begin a sentence, with those that follow; and two together.
const NAME = /(?<=[^\s.!?:\n"“][^\S\n]+\(?)\p{Lu}[\p{L}'’]+(?:[ -]\p{Lu}[\p{L}'’]+)*/gu;
const FULL_NAME = /(?<!\p{L})\p{Lu}[\p{L}'’]+(?:[ -]\p{Lu}[\p{L}'’]+)+/gu;
const BEGINS_A_SENTENCE =
  /^(?:The|A|An|In|On|At|My|Our|His|Her|He|She|They|We|It|This|That|Then|When|And|But|After|Before|So)$/;
const MOST_SHOWN = 12;

function names(text) {
  const single = [...text.matchAll(NAME)].filter((match) =>
    match[0].split(/[ -]/).some((word) => !WORDS_WITH_CAPITALS.test(word)),
  );
  const full = [...text.matchAll(FULL_NAME)].filter((match) => {
    const [first, ...others] = match[0].split(/[ -]/);
    const isName = others.every((word) => !WORDS_WITH_CAPITALS.test(word));
    return isName && !BEGINS_A_SENTENCE.test(first);
  });
  return [...single, ...full];
}

// What is found, in the order of the text; a detail inside another one is left out.
function details(text) {
  const found = KINDS.flatMap(([kind, pattern]) =>
    [...text.matchAll(pattern)].map((match) => ({ kind, at: match.index, text: match[0].trim() })),
  );
  found.push(...names(text).map((match) => ({ kind: "name", at: match.index, text: match[0] })));
  found.sort((one, other) => one.at - other.at || other.text.length - one.text.length);
  let end = -1;
  return found.filter((each) => {
    const isNew = each.at >= end;
    end = Math.max(end, each.at + each.text.length);
    return isNew;
  });
}

function watch(box, place) {
  const list = place.querySelector("[data-coach-list]");
  const row = place.querySelector("template");
  const why = JSON.parse(document.getElementById("coach-words").textContent);
  const kept = new Set();

  function draw() {
    const found = details(box.value).filter((each) => !kept.has(each.text));
    const shown = [...new Map(found.map((each) => [each.text, each])).values()];
    list.replaceChildren(...shown.slice(0, MOST_SHOWN).map(line));
    place.hidden = shown.length === 0;
  }

  function line(each) {
    const part = row.content.cloneNode(true);
    part.querySelector("[data-coach-text]").textContent = each.text;
    part.querySelector("[data-coach-why]").textContent = why[each.kind];
    const [change, keep] = part.querySelectorAll("button");
    change.addEventListener("click", () => {
      const at = Math.max(box.value.indexOf(each.text), 0);
      box.focus();
      box.setSelectionRange(at, at + each.text.length);
    });
    keep.addEventListener("click", () => {
      kept.add(each.text);
      draw();
      box.focus();
    });
    for (const button of [change, keep]) {
      button.querySelector("span").textContent = ` ${each.text}`;
    }
    return part;
  }

  let waiting = 0;
  box.addEventListener("input", () => {
    window.clearTimeout(waiting);
    waiting = window.setTimeout(draw, 600);
  });
  draw();
}

const place = document.querySelector("[data-coach]");
const box = document.querySelector("main textarea");
if (place && box) {
  watch(box, place);
}
