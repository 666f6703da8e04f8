//! One instance of a module: what its variables, locals, resources and modules stand for.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashMap};
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::address::Key;
use super::declarations::{Declarations, Declared, ResourceName, Written};
use super::files::FileTable;
use super::folder::Folder;
use super::folders::{Folders, local_source, source_of};
use super::memo::{Kind, Memo};
use super::repetition::{By, Repetition, Turn};
use super::settled::{Settled, Wanted};
use super::types::converted;
use super::variables::{Given, GivenFiles, given, is_text, parsed};
use crate::manifest::Variables;
use crate::manifest::terraform::language::{
    Budget, Evaluator, Files, Frame, Item, Made, Member, Names, Origin, Step, Unknown, Value,
};
use crate::source::{Disk, SourceFile};
use crate::syntax::hcl::Body;

/// How deep modules may call each other.
const MOST_DEPTH: usize = 50;

/// How many instances of modules one root may have.
const MOST_INSTANCES: usize = 5_000;

/// What all instances of one root module share.
#[derive(Debug)]
pub(crate) struct Analysis<'a> {
    folders: &'a Folders,
    root: &'a Folder,
    variables: &'a Variables,
    given: GivenFiles,
    files: FileTable<'a>,
    budget: Budget,
    declared: RefCell<HashMap<&'a str, Rc<Declarations<'a>>>>,
    instances: Cell<usize>,
}

impl<'a> Analysis<'a> {
    /// The analysis of a root module.
    pub(crate) fn new(root: &'a Folder, folders: &'a Folders, variables: &'a Variables, disk: Disk<'a>) -> Rc<Self> {
        let files = FileTable::new(&root.path, disk);
        let given = GivenFiles::read(variables, disk, &files);
        let (budget, declared, instances) = (Budget::default(), RefCell::default(), Cell::new(0));
        Rc::new(Self { folders, root, variables, given, files, budget, declared, instances })
    }

    /// The file of a number.
    pub(crate) fn file(&self, number: u32) -> Option<Arc<SourceFile>> {
        self.files.get(number)
    }

    /// The paths of all files that the analysis was made from; `folder/` is all that lies in a folder.
    pub(crate) fn read(&self) -> Vec<String> {
        self.files.read()
    }

    fn declarations(&self, folder: &'a Folder) -> Rc<Declarations<'a>> {
        if let Some(known) = self.declared.borrow().get(folder.path.as_str()) {
            return Rc::clone(known);
        }
        let first = self.files.add(folder.files.iter().map(|(file, _)| file));
        let declared = Rc::new(Declarations::new(folder, first));
        self.declared.borrow_mut().insert(&folder.path, Rc::clone(&declared));
        declared
    }
}

/// One instance of a module.
#[derive(Debug)]
pub(crate) struct Instance<'a> {
    me: Weak<Self>,
    analysis: Rc<Analysis<'a>>,
    declared: Rc<Declarations<'a>>,
    caller: Option<Caller<'a>>,
    /// The names of the calls that lead to it: `a.b`.
    calls: String,
    /// What the addresses of its resources begin with: `module.a["x"].`
    prefix: String,
    depth: usize,
    memo: Memo,
    children: RefCell<HashMap<String, Rc<Children<'a>>>>,
}

#[derive(Debug)]
struct Caller<'a> {
    instance: Weak<Instance<'a>>,
    call: Declared<'a>,
    turn: Turn,
}

/// The instances that a module call makes.
#[derive(Debug)]
pub(crate) struct Children<'a> {
    pub(crate) repetition: Repetition,
    /// One for each turn; none where the module is not among the files.
    pub(crate) instances: Result<Vec<Rc<Instance<'a>>>, Arc<str>>,
}

impl<'a> Instance<'a> {
    /// The root module.
    pub(crate) fn root(analysis: &Rc<Analysis<'a>>) -> Rc<Self> {
        Self::new(analysis, analysis.declarations(analysis.root), None, (String::new(), String::new()), 0)
    }

    fn new(
        analysis: &Rc<Analysis<'a>>,
        declared: Rc<Declarations<'a>>,
        caller: Option<Caller<'a>>,
        (calls, prefix): (String, String),
        depth: usize,
    ) -> Rc<Self> {
        analysis.instances.set(analysis.instances.get() + 1);
        Rc::new_cyclic(|me| Self {
            me: Weak::clone(me),
            analysis: Rc::clone(analysis),
            declared,
            caller,
            calls,
            prefix,
            depth,
            memo: Memo::default(),
            children: RefCell::default(),
        })
    }

    /// What the files of the module declare.
    pub(crate) fn declared(&self) -> &Declarations<'a> {
        &self.declared
    }

    /// What the addresses of its resources begin with.
    pub(crate) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The instance that calls it, and the call.
    pub(super) fn caller(&self) -> Option<(Rc<Self>, Declared<'a>)> {
        let caller = self.caller.as_ref()?;
        Some((caller.instance.upgrade()?, caller.call))
    }

    /// The value of an expression.
    pub(crate) fn evaluate(&self, written: Written<'_>, frame: Option<&Frame<'_>>) -> Item {
        self.evaluator(written.file, frame).item(written.expr)
    }

    fn evaluator<'e>(&'e self, file: u32, frame: Option<&'e Frame<'e>>) -> Evaluator<'e> {
        Evaluator { names: self, budget: &self.analysis.budget, file, frame, within: None }
    }

    /// One instance of a block with its values.
    pub(crate) fn settled(&self, declared: Declared<'_>, turn: &Turn, wanted: Wanted<'_>) -> Settled {
        self.settled_body(&declared.block.body, declared.file, turn, wanted)
    }

    /// A body of a file with its values.
    pub(crate) fn settled_body(&self, body: &Body, file: u32, turn: &Turn, wanted: Wanted<'_>) -> Settled {
        let frame = turn.frame();
        Settled::of(body, self.evaluator(file, frame.as_ref()), wanted)
    }

    /// The instances of a resource, data source or module call.
    pub(crate) fn repetition(&self, declared: Declared<'_>) -> Repetition {
        if let Some(count) = declared.attribute("count") {
            return Repetition::counted(&self.evaluate(count, None).value);
        }
        match declared.attribute("for_each") {
            Some(each) => Repetition::each(&self.evaluate(each, None).value),
            None => Repetition::single(),
        }
    }

    /// The instances that a module call makes.
    pub(crate) fn children(&self, name: &str) -> Option<Rc<Children<'a>>> {
        if let Some(known) = self.children.borrow().get(name) {
            return Some(Rc::clone(known));
        }
        let call = *self.declared.modules.get(name)?;
        let repetition = self.repetition(call);
        let children = Rc::new(Children { instances: self.called(name, call, &repetition), repetition });
        self.children.borrow_mut().insert(name.to_owned(), Rc::clone(&children));
        Some(children)
    }

    fn called(&self, name: &str, call: Declared<'a>, repetition: &Repetition) -> Result<Vec<Rc<Self>>, Arc<str>> {
        let calls = if self.calls.is_empty() { name.to_owned() } else { format!("{}.{name}", self.calls) };
        let folder = self.folder(call, &calls)?;
        if self.depth >= MOST_DEPTH || self.is_within(folder) {
            return Err(Arc::from("the module calls itself, or nests too deep"));
        }
        if self.analysis.instances.get() + repetition.turns.len() > MOST_INSTANCES {
            return Err(Arc::from(format!("there are more than {MOST_INSTANCES} instances of modules")));
        }
        let declared = self.analysis.declarations(folder);
        let child = |turn: &Turn| {
            let caller = Caller { instance: Weak::clone(&self.me), call, turn: turn.clone() };
            let names = (calls.clone(), format!("{}module.{name}{}.", self.prefix, turn.key));
            Self::new(&self.analysis, Rc::clone(&declared), Some(caller), names, self.depth + 1)
        };
        Ok(repetition.turns.iter().map(child).collect())
    }

    /// The folder of a module that is called.
    fn folder(&self, call: Declared<'a>, calls: &str) -> Result<&'a Folder, Arc<str>> {
        let local = local_source(&self.declared.folder.path, call.block);
        let path = local.as_ref().or_else(|| self.analysis.root.fetched.get(calls));
        let folder = path.and_then(|path| self.analysis.folders.get(path)).filter(|folder| !folder.files.is_empty());
        folder.ok_or_else(|| {
            let shown = source_of(call.block)
                .map_or_else(|| String::from("of a source that is not known"), |source| format!("`{source}`"));
            Arc::from(format!("the module {shown} is not among the files"))
        })
    }

    /// A folder is that of this module or of one that calls it.
    fn is_within(&self, folder: &Folder) -> bool {
        self.declared.folder.path == folder.path || self.caller().is_some_and(|(caller, _)| caller.is_within(folder))
    }

    fn variable(&self, name: &str) -> Item {
        let Some(declared) = self.declared.variables.get(name).copied() else {
            return self.undeclared(&format!("var.{name}"));
        };
        let kind = declared.attribute("type");
        let given = match &self.caller {
            None => match given(name, &self.declared, &self.analysis.given, self.analysis.variables) {
                Some(Given::Expr(written)) => Some(self.evaluate(written, None)),
                Some(Given::Text(text)) => Some(parsed(&text, is_text(kind))),
                Some(Given::Perhaps(path)) => {
                    return Value::unknown(format!("`var.{name}` may be set by {path}")).into();
                }
                None => None,
            },
            Some(caller) => caller.instance.upgrade().and_then(|parent| {
                let written = caller.call.attribute(name)?;
                Some(parent.evaluate(written, caller.turn.frame().as_ref()))
            }),
        };
        let is_nullable = declared.attribute("nullable").map(|written| self.evaluate(written, None).value)
            != Some(Value::Bool(false));
        let given = given.filter(|item| is_nullable || item.value != Value::Null);
        let item = given.or_else(|| declared.attribute("default").map(|written| self.evaluate(written, None)));
        match (item, kind) {
            (Some(item), Some(kind)) => converted(item, kind, self.evaluator(kind.file, None)),
            (Some(item), None) => item,
            (None, _) => Value::unknown(format!("`var.{name}` has no default")).into(),
        }
    }

    /// A name that no file of the module declares.
    fn undeclared(&self, name: &str) -> Item {
        let is_whole = self.declared.folder.problems.is_empty();
        let where_else = if is_whole { "" } else { " in the files of the folder that can be parsed" };
        Value::mistake(format!("`{name}` is not declared{where_else}")).into()
    }

    fn local(&self, name: &str) -> Item {
        match self.declared.locals.get(name) {
            Some(written) => self.evaluate(*written, None),
            None => self.undeclared(&format!("local.{name}")),
        }
    }

    fn output(&self, name: &str) -> Item {
        match self.declared.outputs.get(name).and_then(|output| output.attribute("value")) {
            Some(written) => self.memo.get(Kind::Output, name, || self.evaluate(written, None)),
            None => Value::mistake(format!("the module has no output `{name}`")).into(),
        }
    }

    fn outputs(&self) -> Item {
        let member = |name: &&str| (Rc::from(*name), Member { key: Origin::default(), item: self.output(name) });
        Item::from(self.declared.outputs.keys().map(member).collect::<Value>())
    }

    fn module(&self, name: &str) -> Item {
        let Some(children) = self.children(name) else {
            return Value::mistake(format!("`module.{name}` is not declared")).into();
        };
        match &children.instances {
            Err(why) => Value::unknown(&**why).into(),
            Ok(instances) => each_of(&children.repetition, instances.iter().map(|instance| instance.outputs())),
        }
    }

    /// A resource or data source, of which only what its block sets is known.
    fn resource(&self, name: ResourceName<'_>) -> Item {
        let address = format!("{}{}.{}", if name.is_data { "data." } else { "" }, name.kind, name.name);
        let open = |key: &Key, members| {
            let reason = Arc::from(format!("`{address}` is known only to a run"));
            let address = Rc::from(format!("{}{address}{key}", self.prefix));
            let made = Some(Rc::new(Made::Resource { address, members }));
            Item::from(Value::Unknown(Unknown { reason, is_set: true, is_mistake: false, made }))
        };
        let resources: &HashMap<ResourceName<'_>, Declared<'_>> = &self.declared.resources;
        let Some(declared) = resources.get(&name).copied() else {
            return open(&Key::None, BTreeMap::new());
        };
        let repetition = self.repetition(declared);
        let instances =
            repetition.turns.iter().map(|turn| open(&turn.key, self.settled(declared, turn, Wanted::All).members()));
        each_of(&repetition, instances.collect::<Vec<_>>().into_iter())
    }

    fn path(&self) -> Item {
        let own = relative(&self.analysis.root.path, &self.declared.folder.path);
        let cwd = Unknown { is_set: true, ..Unknown::new("`path.cwd` depends on where Terraform runs") };
        let members = [("module", Value::from(own)), ("root", Value::from(".")), ("cwd", Value::Unknown(cwd))];
        let member =
            |(name, path): (&str, Value)| (Rc::from(name), Member { key: Origin::default(), item: Item::from(path) });
        Item::from(members.into_iter().map(member).collect::<Value>())
    }
}

/// One item for each instance, as references to a repeated block see them.
fn each_of(repetition: &Repetition, mut items: impl Iterator<Item = Item>) -> Item {
    if let Some(why) = &repetition.unknown {
        return Value::unknown(&**why).into();
    }
    match repetition.by {
        By::Nothing => items.next().unwrap_or_else(|| Value::Null.into()),
        By::Count => Item::from(items.collect::<Value>()),
        By::Each => {
            let member = |(turn, item): (&Turn, Item)| {
                let name = match &turn.key {
                    Key::Name(name) => Rc::clone(name),
                    _ => Rc::from(""),
                };
                (name, Member { key: Origin::default(), item })
            };
            Item::from(repetition.turns.iter().zip(items).map(member).collect::<Value>())
        }
    }
}

/// A folder as the root module's folder sees it.
fn relative(root: &str, folder: &str) -> String {
    let (root, folder): (Vec<&str>, Vec<&str>) = (parts(root), parts(folder));
    let common = root.iter().zip(&folder).take_while(|(a, b)| a == b).count();
    let up = root.iter().skip(common).map(|_| "..");
    let path: Vec<&str> = up.chain(folder.iter().skip(common).copied()).collect();
    if path.is_empty() { String::from(".") } else { path.join("/") }
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

impl Names for Instance<'_> {
    fn name(&self, name: &str, steps: &[Step]) -> (Item, usize) {
        let label = |index: usize| steps.get(index).and_then(Step::attribute);
        match (name, label(0), label(1)) {
            ("var", Some(own), _) => (self.memo.get(Kind::Variable, own, || self.variable(own)), 1),
            ("local", Some(own), _) => (self.memo.get(Kind::Local, own, || self.local(own)), 1),
            ("module", Some(own), Some(output)) if self.is_single(own) => {
                let child = self.children(own).and_then(|children| children.instances.as_ref().ok()?.first().cloned());
                (child.map_or_else(|| self.module(own), |child| child.output(output)), 2)
            }
            ("module", Some(own), _) => (self.memo.get(Kind::Module, own, || self.module(own)), 1),
            ("data", Some(kind), Some(own)) => {
                (self.known_resource(ResourceName { is_data: true, kind, name: own }), 2)
            }
            ("path", ..) => (self.path(), 0),
            ("terraform", ..) => (Value::unknown("the workspace is known only to a run").into(), steps.len()),
            ("each" | "count", ..) => {
                (Value::mistake(format!("`{name}` stands outside of a repeated block")).into(), steps.len())
            }
            (kind, Some(own), _) => (self.known_resource(ResourceName { is_data: false, kind, name: own }), 1),
            _ => (Value::unknown(format!("`{name}` is known only to a run")).into(), steps.len()),
        }
    }

    fn template_file(&self, path: &str, variables: &Item) -> Value {
        match self.analysis.files.text(path) {
            Err(why) => Value::Unknown(why),
            Ok((text, origin)) => self.evaluator(origin.file, None).template_text(&text, variables),
        }
    }
}

impl Instance<'_> {
    /// A module call makes one instance without a key, of a module that is among the files.
    fn is_single(&self, name: &str) -> bool {
        self.children(name).is_some_and(|children| children.repetition.by == By::Nothing && children.instances.is_ok())
    }

    fn known_resource(&self, name: ResourceName<'_>) -> Item {
        let address = format!("{}{}.{}", if name.is_data { "data." } else { "" }, name.kind, name.name);
        self.memo.get(Kind::Resource, &address, || self.resource(name))
    }
}

impl Files for Instance<'_> {
    fn text(&self, path: &str) -> Result<(Rc<str>, Origin), Unknown> {
        self.analysis.files.text(path)
    }

    fn exists(&self, path: &str) -> Result<bool, Unknown> {
        self.analysis.files.exists(path)
    }

    fn set(&self, folder: &str, pattern: &str) -> Result<Vec<String>, Unknown> {
        self.analysis.files.set(folder, pattern)
    }
}
