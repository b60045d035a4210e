"use strict";
// The search of eaps_data.tables.search, on the index that it writes: see there for the rules and the weights.
// A test compares the hits, their order and their matches with those of Python.
function createSearch(index) {
  const SAME_STEM = 0.9, PREFIX = 0.8, TYPO = 0.6;
  const MIN_PREFIX = 3, MIN_TYPO = 5;
  const stopWords = new Set(index.stopWords);
  const whole = new Set(index.whole);

  // Keys and words: eaps_data._internal.text_keys.
  const replaceMarks = (text) =>
    text
      .replace(/[\u2018\u2019\u201b\u02bc\u2032\u00b4`]/g, "'")
      .replace(/[-_\u00ad\u2010-\u2015\u2212]/g, " ")
      .replace(/&/g, " and ");
  const fold = (text) => {
    const folded = replaceMarks(text).normalize("NFKC").toLowerCase().replace(/ß/g, "ss").replace(/ς/g, "σ");
    return replaceMarks(folded).replace(/\s+/g, " ").trim();
  };
  const findWords = (text) => text.match(/[\p{L}\p{N}]+(?:'[\p{L}\p{N}]+)*/gu) ?? [];
  const wordsOf = (text) => findWords(fold(text).normalize("NFKD").replace(/\p{Mn}/gu, "").normalize("NFC"));
  const acronymsOf = (text) =>
    new Set(findWords(text).filter((word) => word === word.toUpperCase() && word !== word.toLowerCase()).flatMap(wordsOf));

  // Stems: eaps_data._internal.stems.
  function singular(word) {
    word = word.replace(/'s$/, "").replace(/'$/, "");
    if (word.length < 4 || !word.endsWith("s") || /(ss|us|is)$/.test(word)) return word;
    if (word.endsWith("ies") && word.length > 4) return word.slice(0, -3) + "y";
    return word.slice(0, /(ches|shes|sses|xes|zzes)$/.test(word) ? -2 : -1);
  }
  function withoutInflection(word) {
    for (const ending of ["ing", "ed"]) {
      if (!word.endsWith(ending) || word.endsWith("eed")) continue;
      const rest = word.slice(0, -ending.length);
      if (rest.length < 3 || !/[aeiouy]/.test(rest)) continue;
      if (rest.at(-1) === rest.at(-2) && !"lsz".includes(rest.at(-1))) return rest.slice(0, -1);
      return /(at|iz|bl)$/.test(rest) || /^[^aeiou][aeiou][^aeiouwxy]$/.test(rest) ? rest + "e" : rest;
    }
    return word;
  }
  function withoutEnding(word) {
    for (const [ending, replacement] of index.endings) {
      if (!word.endsWith(ending)) continue;
      const shorter = word.slice(0, -ending.length) + replacement;
      if (shorter.length >= (replacement ? 5 : 4)) return shorter;
    }
    return null;
  }
  function stem(word) {
    word = withoutInflection(singular(word));
    for (let shorter; !whole.has(word) && (shorter = withoutEnding(word)); ) word = shorter;
    return word;
  }

  // The index: the texts that have each word, the words that have each stem, and the records that have each key.
  const addTo = (map, key, value) => (map.has(key) ? map.get(key).push(value) : map.set(key, [value]));
  const texts = index.texts.map(([field, weight, words, records]) => ({ field, weight, words: words.split(" "), records }));
  const postings = new Map();
  texts.forEach((text, number) => new Set(text.words).forEach((word) => addTo(postings, word, number)));
  const words = [...postings.keys()].filter(Boolean);
  const longest = words.reduce((length, word) => Math.max(length, word.length), 0);
  const letters = new Set(words.join(""));
  const forms = new Map();
  for (const word of words) addTo(forms, stem(word), word);
  const keys = new Map();
  for (const [record, field, key, folded] of index.keys) addTo(keys, folded, { record, field, key });
  const compounds = new Map(Object.entries(index.compounds));

  function findByKey(query) {
    const found = new Map();
    const add = (record, score, match) => found.has(record) || found.set(record, { score, matches: [match] });
    const match = (field, key) => ({ field, words: [key], note: null });
    const folded = fold(query);
    for (const [record, field, key] of index.keys) if (key === query) add(record, 3, match(field, key));
    for (const { record, field, key } of keys.get(folded) ?? []) add(record, 2, match(field, key));
    // A municipality is also found by `Revere, MA` and by a Census GEO_ID.
    const isTown = (record) => index.records[record].startsWith("municipalities/");
    if (![...found.keys()].some(isTown)) {
      const [, subdivision, place] = /^(?:060\d{4}US(\d{10})|160\d{4}US(\d{7}))$/i.exec(query) ?? [];
      const [, name, state] = /^(.*),([^,]*)$/s.exec(query) ?? [];
      const code = subdivision ?? place;
      for (const { record } of keys.get(code ?? fold(name ?? "")) ?? []) {
        if (!isTown(record) || (!code && index.states[record] !== state.trim().toUpperCase())) continue;
        add(record, 2, match("id", index.records[record].split("/")[1]));
      }
    }
    return found;
  }

  function wantedWords(query) {
    const wanted = wordsOf(query).flatMap((word) => {
      const spelling = [word, singular(word), stem(word)].find((each) => compounds.has(each));
      return spelling ? compounds.get(spelling) : [word];
    });
    const kept = [...new Set(wanted.filter((word) => !stopWords.has(word)))];
    return kept.length ? kept : wanted;
  }

  // Each function returns the indexed words that can be read as a word, with their similarity.
  const sameWords = (wanted) =>
    new Map((forms.get(stem(wanted)) ?? []).map((word) => [word, singular(word) === singular(wanted) ? 1 : SAME_STEM]));
  function similarWords(wanted, isAcronym) {
    const similar = sameWords(wanted);
    const hasWhole = [...similar.values()].includes(1);
    if (wanted.length <= MIN_PREFIX && (hasWhole || isAcronym || wanted.length < MIN_PREFIX)) {
      return new Map([...similar].filter(([, similarity]) => similarity === 1));
    }
    const start = hasWhole ? singular(wanted) : wanted;
    for (const word of words) if (word.startsWith(start) && !similar.has(word)) similar.set(word, PREFIX);
    return similar;
  }
  function edits(word) {
    const edited = new Set();
    for (let at = 0; at <= word.length; at += 1) {
      const [start, rest] = [word.slice(0, at), word.slice(at)];
      edited.add(start + rest.slice(1)).add(start + rest.slice(1, 2) + rest.slice(0, 1) + rest.slice(2));
      for (const letter of letters) edited.add(start + letter + rest).add(start + letter + rest.slice(1));
    }
    return edited;
  }
  function typos(wanted) {
    if (wanted.length < MIN_TYPO || !/^\p{L}+$/u.test(wanted) || wanted.length > 1 + longest) return [];
    const same = [...edits(wanted)].flatMap((edited) => [...sameWords(edited)]);
    return [...new Set(same.filter(([word, similarity]) => similarity === 1 && word.length >= MIN_TYPO).map(([word]) => word))];
  }
  function read(wanted, acronyms) {
    const readings = new Map();
    const notes = new Map();
    const joined = new Set();
    for (let start = 0; start + 1 < wanted.length; start += 1) {
      for (const [word, similarity] of sameWords(wanted[start] + wanted[start + 1])) {
        addTo(readings, word, { start, end: start + 2, similarity });
        joined.add(wanted[start]).add(wanted[start + 1]);
      }
    }
    wanted.forEach((one, start) => {
      let similar = similarWords(one, acronyms.has(one));
      if (!similar.size && !joined.has(one)) {
        similar = new Map(typos(one).map((word) => [word, TYPO]));
        for (const word of similar.keys()) notes.set(word, `'${one}' read as '${singular(word)}'`);
      }
      for (const [word, similarity] of similar) addTo(readings, word, { start, end: start + 1, similarity });
    });
    return { readings, notes };
  }

  function hasPhrase(text, readings, length) {
    let reached = new Set();
    for (const word of text.words) {
      const here = readings.get(word) ?? [];
      if (here.length || !stopWords.has(word)) {
        reached = new Set(here.filter(({ start }) => !start || reached.has(start)).map(({ end }) => end));
      }
      if (reached.has(length)) return true;
    }
    return false;
  }
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

  // Return, for each record, its texts that have words of the query.
  function findTexts(wanted, readings) {
    const numbers = new Set([...readings.keys()].flatMap((word) => postings.get(word)));
    const found = new Map();
    for (const number of [...numbers].sort((one, other) => one - other)) {
      const text = texts[number];
      const held = text.words.filter((word) => readings.has(word));
      const weights = wanted.map(() => 0);
      for (const word of held) {
        for (const { start, end, similarity } of readings.get(word)) {
          for (let at = start; at < end; at += 1) weights[at] = Math.max(weights[at], text.weight * similarity);
        }
      }
      const isPhrase = weights.length > 1 && weights.every(Boolean) && hasPhrase(text, readings, wanted.length);
      for (const record of text.records) {
        addTo(found, record, { field: text.field, words: held, weights, total: sum(weights), isPhrase });
      }
    }
    return found;
  }
  function scoreOf(found) {
    const weights = found[0].weights.map((_, at) => Math.max(...found.map((one) => one.weights[at])));
    const matched = weights.filter(Boolean);
    let quality = sum(matched) / matched.length;
    if (matched.length === weights.length && weights.length > 1) {
      const phrases = found.filter((one) => one.isPhrase).map((one) => one.total);
      quality = phrases.length ? (1 + Math.max(...phrases) / weights.length) / 2 : quality / 2;
    }
    return (matched.length - 1 + quality) / weights.length;
  }
  function matchesOf(found, notes) {
    const fields = new Map();
    for (const one of [...found].sort((first, second) => second.total - first.total)) {
      const held = fields.get(one.field) ?? fields.set(one.field, new Set()).get(one.field);
      one.words.forEach((word) => held.add(word));
    }
    return [...fields].map(([field, held]) => {
      const noted = new Set([...held].filter((word) => notes.has(word)).map((word) => notes.get(word)));
      return { field, words: [...held], note: [...noted].join("; ") || null };
    });
  }

  // Return the hits, best first: `key` is the table and the id of the record.
  return (query) => {
    const hits = findByKey(query.trim());
    const wanted = wantedWords(query);
    const { readings, notes } = read(wanted, acronymsOf(query));
    for (const [record, found] of findTexts(wanted, readings)) {
      if (!hits.has(record)) hits.set(record, { score: scoreOf(found), matches: matchesOf(found, notes) });
    }
    // Rounded, because the order of additions may change the last digit.
    const rank = ([record, { score }]) => [-Math.round(score * 1e9), record];
    return [...hits]
      .map((hit) => [rank(hit), hit])
      .sort(([[first, one]], [[second, other]]) => first - second || one - other)
      .map(([, [record, hit]]) => ({ key: index.records[record], ...hit }));
  };
}
