//! Rows of what APIs need.

use super::super::super::super::{ApiKey, Scopes};
use super::super::super::{DraftApi, merge};
use super::super::headings::Column;
use super::super::{actions, apis};
use super::further::agree;
use super::words::{both, mark, names, short};
use super::{Cells, Reading, roles};

/// The most rows of one API that are told apart.
const MAX_ROWS: usize = 50;

/// The most roles of one row.
const MAX_ROLES: usize = 20;

/// Actions, each perhaps with the code of its condition.
type Needs = Vec<(String, Option<String>)>;

impl Reading<'_> {
    /// A row of an API table. Gives whether something was read.
    pub(super) fn api(&mut self, cells: &Cells<'_>, is_identity: bool) -> bool {
        let line = cells.line;
        let named = apis::read(&api_text(cells), self.service, self.catalog);
        for told in named.errors.iter().chain(&named.mended) {
            self.unread(line, told.clone());
        }
        if named.apis.is_empty() {
            return named.errors.is_empty() && self.action_alone(cells, &api_text(cells));
        }
        let Some(mut row) = self.needs(cells, is_identity) else { return false };
        self.beside_the_api(&named.leftover.join(" "), &mut row, line);
        let permission = cells.get(Column::Permission).replace('\n', " ");
        let mut is_read = false;
        for api in named.apis {
            is_read |= self.add(DraftApi { api, ..row.clone() }, &permission, line);
        }
        is_read
    }

    /// Words beside an API that say which requests the row is for are a condition of its actions.
    fn beside_the_api(&mut self, words: &str, row: &mut DraftApi, line: usize) {
        let words = words.trim_matches(['(', ')', ' ', ',', ';', ':', '.']);
        if words.is_empty() || self.roles(words, row) {
            return;
        }
        let selects = words.contains('=')
            || words.contains("body")
            || words.contains("携带")
            || (actions::is_condition(words) && !words.contains(".. note"));
        if !selects || !row.identity.is_empty() || actions::speaks_of_roles(words) || words.contains("权限") {
            self.unread(line, format!("words beside the API were left out: `{}`", short(words)));
            return;
        }
        let code = self.conditions.code(words);
        for (_, condition) in row.actions.iter_mut().filter(|(_, condition)| condition.is_none()) {
            *condition = Some(code.clone());
        }
    }

    /// Adds the roles that words ask for to a row, if they do; the words are the condition.
    fn roles(&mut self, words: &str, row: &mut DraftApi) -> bool {
        let roles = roles::read(words, self.catalog);
        if roles.is_empty() || row.roles.len() + roles.len() > MAX_ROLES {
            return false;
        }
        for any in roles {
            let role = (any, Some(self.conditions.code(words)));
            if !row.roles.contains(&role) {
                row.roles.push(role);
            }
        }
        true
    }

    /// The text of a column of actions up to a note, which is listed.
    pub(super) fn noted(&mut self, cells: &Cells<'_>, column: Column) -> String {
        let text = cells.get(column);
        let lower = text.to_lowercase();
        let starts = ["\n说明", "\nnote", "\n注意", "\n.. note"];
        let Some(at) = starts.iter().filter_map(|start| lower.find(start)).min().filter(|_| lower.len() == text.len())
        else {
            return text;
        };
        let (text, note) = text.split_at(at);
        self.unread(cells.line, format!("a note was left out: `{}`", short(note.trim_start())));
        text.to_owned()
    }

    /// What a row says beside its API; `None` if its actions cannot be told.
    fn needs(&mut self, cells: &Cells<'_>, is_identity: bool) -> Option<DraftApi> {
        let line = cells.line;
        let text = self.noted(cells, Column::Action);
        let named = actions::read(&text);
        if named.actions.is_empty() {
            self.unread(
                line,
                if text.is_empty() {
                    "the row names no action".to_owned()
                } else {
                    format!("the row names no action: `{}`", short(&text))
                },
            );
            return None;
        }
        let mut of_roles = DraftApi::default();
        let mut leftover = named.leftover;
        leftover.retain(|words| !self.roles(words, &mut of_roles));
        if !leftover.is_empty() {
            let words = leftover.join(" … ");
            self.unread(
                line,
                format!("words beside an action make no condition, so the row was not read: `{}`", short(&words)),
            );
            return None;
        }
        let scopes = self.scopes(cells);
        let (new, old): (Vec<_>, Vec<_>) =
            named.actions.into_iter().partition(|(action, _)| is_identity || action.contains("::"));
        if let Some((action, Some(words))) = new.iter().find(|(_, condition)| condition.is_some()) {
            self.unread(
                line,
                format!("`{action}` has a condition, and actions of grammar 5.0 have none here: `{}`", short(words)),
            );
            return None;
        }
        let mut row = DraftApi { scopes, identity: names(new), actions: self.coded(old), ..of_roles };
        self.depends(cells, &mut row, is_identity);
        row.identity_aliases = self.plain(cells, Column::Alias);
        Some(row)
    }

    fn depends(&mut self, cells: &Cells<'_>, row: &mut DraftApi, is_identity: bool) {
        let mut named = actions::read(&self.noted(cells, Column::Depends));
        named.leftover.retain(|words| !self.roles(words, row));
        let (new, old): (Vec<_>, Vec<_>) =
            named.actions.into_iter().partition(|(action, _)| is_identity || action.contains("::"));
        let conditions = new.iter().filter_map(|(_, words)| words.clone());
        self.left_out(cells.line, "dependencies", &conditions.chain(named.leftover).collect::<Vec<_>>());
        let own = |action: &String| row.actions.iter().any(|(other, when)| other == action && when.is_none());
        let old: Vec<_> = old.into_iter().filter(|(action, _)| !own(action)).collect();
        row.depends = self.coded(old);
        row.identity_depends = names(new);
        row.identity_depends.retain(|action| !row.identity.contains(action));
    }

    /// The actions of a column in which words mean nothing.
    pub(super) fn plain(&mut self, cells: &Cells<'_>, column: Column) -> Vec<String> {
        let named = actions::read(&self.noted(cells, column));
        let conditions = named.actions.iter().filter_map(|(_, words)| words.clone());
        let what = if column == Column::Alias { "aliases" } else { "dependencies" };
        self.left_out(cells.line, what, &conditions.chain(named.leftover).collect::<Vec<_>>());
        names(named.actions)
    }

    fn left_out(&mut self, line: usize, what: &str, words: &[String]) {
        if !words.is_empty() {
            let words = words.join(" … ");
            self.unread(line, format!("words in the column of {what} were left out: `{}`", short(&words)));
        }
    }

    fn coded(&mut self, needs: Vec<(String, Option<String>)>) -> Vec<(String, Option<String>)> {
        let mut code = |words: String| self.conditions.code(&words);
        needs.into_iter().map(|(action, words)| (in_lower_case(&action), words.map(&mut code))).collect()
    }

    pub(super) fn scopes(&mut self, cells: &Cells<'_>) -> Scopes {
        let listed = cells.get(Column::Scope);
        let mut scopes = both(&listed);
        if scopes == Scopes::default() && !listed.is_empty() {
            self.unread(cells.line, format!("neither yes nor no in a column of scopes: `{}`", short(&listed)));
        }
        for (column, place) in
            [(Column::Project, &mut scopes.project), (Column::EnterpriseProject, &mut scopes.enterprise_project)]
        {
            let text = cells.get(column);
            let (first, rest) = text.split_once('\n').unwrap_or((&text, ""));
            match mark(first) {
                Some(mark) if rest.is_empty() => *place = Some(mark),
                Some(mark) => {
                    *place = Some(mark);
                    self.unread(cells.line, format!("words in a column of scopes were left out: `{}`", short(rest)));
                }
                None if text.is_empty() => {}
                None => {
                    self.unread(cells.line, format!("neither yes nor no in a column of scopes: `{}`", short(&text)));
                }
            }
        }
        scopes
    }

    /// Adds a row of an API. Rows that permit different things are told apart by what the request is for.
    pub(super) fn add(&mut self, api: DraftApi, permission: &str, line: usize) -> bool {
        let identity = match api.api.parse::<ApiKey>() {
            Ok(key) => key.identity(),
            Err(error) => {
                self.unread(line, error.to_string());
                return false;
            }
        };
        let place = *self.apis.entry(identity).or_insert(self.rows.len());
        let Some(rows) = self.rows.get_mut(place) else {
            self.rows.push(vec![(permission.to_owned(), api.clone())]);
            self.draft.apis.push(api);
            self.tally.apis.push(line);
            return true;
        };
        if rows.iter().any(|(_, row)| merge::same(row, &api)) {
            return true;
        }
        if let Some((_, first)) = rows.first_mut()
            && let Some(joined) = merge::join(first, &api)
        {
            *first = joined;
            return true;
        }
        let is_new = !permission.is_empty() && rows.iter().all(|(other, _)| !other.is_empty() && other != permission);
        if is_new && api.identity.is_empty() && rows.len() < MAX_ROWS {
            let differ = rows.first().is_some_and(|(_, first)| agree(first.scopes, api.scopes) != first.scopes);
            rows.push((permission.to_owned(), api));
            if differ {
                let what = "the rows of one API differ in their scopes: what they do not agree on was left out";
                self.unread(line, what.to_owned());
            }
            return true;
        }
        self.unread(line, format!("`{}` stands above already with other needs: the first row was taken", api.api));
        false
    }

    /// One row of several of an API: what all need is needed, else it depends on what the request is for.
    pub(super) fn united(&mut self, rows: &[(String, DraftApi)]) -> Option<DraftApi> {
        let (_, first) = rows.first()?;
        let mut united = first.clone();
        if rows.len() > 1 {
            united.actions = self.by_request(rows, |row| &row.actions);
            united.depends = self.by_request(rows, |row| &row.depends);
        }
        for (_, row) in rows {
            united.scopes = agree(united.scopes, row.scopes);
            for roles in &row.roles {
                if !united.roles.contains(roles) {
                    united.roles.push(roles.clone());
                }
            }
        }
        Some(united)
    }

    fn by_request(&mut self, rows: &[(String, DraftApi)], needs: fn(&DraftApi) -> &Needs) -> Needs {
        let mut united: Needs = Vec::new();
        for (permission, row) in rows {
            for need in needs(row) {
                let in_all = rows.iter().all(|(_, other)| needs(other).contains(need));
                let need = match &need.1 {
                    None if !in_all => (need.0.clone(), Some(self.conditions.request(permission))),
                    _ => need.clone(),
                };
                if !united.contains(&need) {
                    united.push(need);
                }
            }
        }
        united
    }
}

/// The text of the API cell, or of the cells of method and path.
fn api_text(cells: &Cells<'_>) -> String {
    let (method, path) = (cells.get(Column::Method), cells.get(Column::Path));
    let api = cells.get(Column::Api);
    if path.is_empty() {
        return if method.is_empty() { api } else { format!("{method} {api}") };
    }
    format!("{method} {path}")
}
/// An action of grammar 1.1, in which the service has lower case.
fn in_lower_case(action: &str) -> String {
    match action.split_once(':') {
        Some((service, rest)) => format!("{}:{rest}", service.to_ascii_lowercase()),
        None => action.to_owned(),
    }
}
