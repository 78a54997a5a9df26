// Package trust keeps what an operator states about equipment and what has been observed of it.
//
// [Parse] reads records, of one file or many, as the facts that rules judge; [Export] writes them, and
// [Schema] describes the file to editors: all three from one table of fields. Parse refuses
// what contradicts itself in records. A [Book] holds findings. [Outlook] says
// what falls due when, and [Dark] what goes dark without some radios.
//
// Errors are [document.Problem] values, joined: each with file, line and column where records were read
// from files.
package trust
