// Loaded before a program: its parent can put its clock forward.
const now = Date.now;
let ahead = 0;
Date.now = () => now() + ahead;

process.on("message", ({ advance }: { advance: number }) => {
  ahead += advance;
  process.send?.({ advanced: ahead });
});
// The channel alone keeps no program running.
process.channel?.unref();
