use std::io::BufRead;
use presswatch::{article::{decode::{decode,Limits,Message},clean::clean},lexicon::Lexicon,tag::{Document,official}};
fn main(){ let lexicon=Lexicon::compiled_in();
 for line in std::io::stdin().lock().lines(){ let line=line.unwrap();
  let c=clean(decode(Message{body:line.as_bytes(),..Message::default()},&Limits::default()).unwrap(), &lexicon);
  let d=Document::new(c.title,c.text,c.language,c.published_at,c.source,&lexicon);
  println!("- {}",d.title.text.raw);
  for p in official::people(&d,&lexicon){ println!("    {} | {} | {:?}",p.name,p.office.as_ref().map_or(String::new(),|o|format!("{} ({:?})",o.title,o.country)),p.mentions.iter().map(|m|m.span(&d).exact.split_whitespace().collect::<Vec<_>>().join(" ")).collect::<Vec<_>>()); }
 }}
