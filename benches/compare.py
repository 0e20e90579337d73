#!/usr/bin/env python3
"""Build mdBook books with mdBook and with haechi, and compare what readers' links depend on.

usage: compare.py MDBOOK HAECHI BOOK...
Prints a Markdown table (pages, headings, anchors, links and pictures, and how many differ), then each
difference. Exit code 1 if anything differs.
"""
import html.parser, pathlib, shutil, subprocess, sys, tempfile, urllib.parse

# Pages that only one of the two makes: no page of the book.
OWN = {"toc.html", "state.html", "print.html", "404.html"}


class Page(html.parser.HTMLParser):
    """The ids of headings and of everything, and the links of a page's content."""

    def __init__(self, container):
        super().__init__()
        self.container, self.depth = container, 0
        self.headings, self.ids, self.links = [], [], []
        # mdBook's copy of a picture for looking at it closely.
        self.wrapper = False

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == self.container:
            self.depth += 1
        if not self.depth:
            return
        if attributes.get("id"):
            self.ids.append(attributes["id"])
            if tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
                self.headings.append(attributes["id"])
        classes = (attributes.get("class") or "").split()
        if tag == "a" and attributes.get("href") and not {"header", "anchor"} & set(classes):
            self.links.append(attributes["href"])
        if tag == "span":
            self.wrapper = "img-wrapper" in classes
        if tag == "img" and attributes.get("src") and not self.wrapper:
            self.links.append(attributes["src"])

    def handle_endtag(self, tag):
        if tag == "span":
            self.wrapper = False
        if tag == self.container:
            self.depth -= 1


def read(folder, container):
    pages = {}
    for file in sorted(folder.rglob("*.html")):
        page = Page(container)
        page.feed(file.read_text(encoding="utf-8"))
        pages[str(file.relative_to(folder))] = page
    return pages


def same_link(link):
    return urllib.parse.unquote(link)


def difference(ours, theirs):
    missing = list(theirs)
    extra = []
    for item in ours:
        if item in missing:
            missing.remove(item)
        else:
            extra.append(item)
    return missing, extra


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    mdbook, haechi, *books = sys.argv[1:]
    rows, found = [], []
    for book in books:
        book = pathlib.Path(book)
        with tempfile.TemporaryDirectory() as folder:
            theirs, ours = pathlib.Path(folder, "theirs"), pathlib.Path(folder, "ours")
            # Builders may leave something beside a book.
            copy = shutil.copytree(book, pathlib.Path(folder, "book"))
            subprocess.run([mdbook, "build", copy, "--dest-dir", theirs], check=True, capture_output=True)
            done = subprocess.run([haechi, "build", "--trust", copy, "--dest-dir", ours], capture_output=True, text=True)
            if done.returncode:
                sys.exit(f"{book}: haechi build: {done.stderr}")
            # With several renderers each has its folder.
            html = lambda folder: folder / "html" if (folder / "html/index.html").exists() else folder
            theirs, ours = read(html(theirs), "main"), read(html(ours), "article")
        pages = set(theirs) - OWN
        differing = 0

        def report(what, page, missing, extra):
            nonlocal differing
            for item in missing:
                found.append(f"- {book.name}: {page}: {what} only of mdBook: `{item}`")
            for item in extra:
                found.append(f"- {book.name}: {page}: {what} only of haechi: `{item}`")
            differing += len(missing) + len(extra)

        missing, extra = difference(sorted(set(ours) - OWN), sorted(pages))
        report("page", "", missing, extra)
        count = {"headings": 0, "anchors": 0, "links": 0}
        for name in sorted(pages & set(ours)):
            one, other = ours[name], theirs[name]
            report("heading", name, *difference(one.headings, other.headings))
            rest = lambda page: [i for i in page.ids if i not in set(other.headings) | set(one.headings)]
            report("anchor", name, *difference(rest(one), rest(other)))
            links = lambda page: [same_link(link) for link in page.links]
            report("link", name, *difference(links(one), links(other)))
            count["headings"] += len(other.headings)
            count["anchors"] += len(rest(other))
            count["links"] += len(other.links)
        rows.append(f"| {book.name} | {len(pages)} | {count['headings']} | {count['anchors']} | {count['links']} | {differing} |")
    print("| book | pages | headings | other anchors | links and pictures | differences |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    print("\n".join(rows))
    if found:
        print("\n" + "\n".join(found))
        sys.exit(1)


if __name__ == "__main__":
    main()
