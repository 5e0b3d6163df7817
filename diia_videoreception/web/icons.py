"""The drawings of the icons: what stands inside a 24 × 24 svg, in strokes of the current colour."""

ICONS = {
    "agency": '<path d="M3 9.5L12 4l9 5.5zM5.5 10v7M10 10v7M14 10v7M18.5 10v7M3.5 20h17"/>',
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7.5v5.5M12 16v.01"/>',
    "back": '<path d="M15 5l-7 7 7 7"/>',
    "bin": '<path d="M4.5 7h15M9.5 7V4h5v3M6.5 7l1 13.5h9L17.5 7"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/>'
    '<path d="M3.5 10h17M8 3v4M16 3v4"/>',
    "camera": '<rect x="3" y="6.5" width="12.5" height="11" rx="2.5"/>'
    '<path d="M15.5 11l5.5-3v8l-5.5-3"/>',
    "chat": '<path d="M4 5h16v11H11l-4.5 4v-4H4z"/>',
    "check": '<path d="M5 12.5l4.5 4.5L19 7.5"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3.5 2"/>',
    "copy": '<rect x="8.5" y="8.5" width="11.5" height="12" rx="2"/>'
    '<path d="M15.5 8.5V4H4v12h4.5"/>',
    "devices": '<path d="M4 7h8M18 7h2M4 17h2M12 17h8"/><circle cx="15" cy="7" r="3"/>'
    '<circle cx="9" cy="17" r="3"/>',
    "file": '<path d="M6 3h8l4.5 4.5V21H6z"/><path d="M13.5 3v5h5"/>',
    "headphones": '<path d="M4 15v-2a8 8 0 0116 0v2"/>'
    '<rect x="3" y="14" width="4" height="6" rx="2"/>'
    '<rect x="17" y="14" width="4" height="6" rx="2"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v5M12 8v.01"/>',
    "key": '<circle cx="8" cy="15" r="4.5"/><path d="M11.5 11.5L20 3M16.5 6.5l3 3"/>',
    "larger": '<path d="M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7"/>',
    "leave": '<path d="M3 14.5c5.5-5.3 12.5-5.3 18 0l-2.6 2.5-3.6-2v-2.3a11 11 0 00-5.6 0V15'
    'l-3.6 2z"/>',
    "letter": '<rect x="3" y="5.5" width="18" height="13" rx="2"/>'
    '<path d="M3.5 7l8.5 6.5L20.5 7"/>',
    "microphone": '<rect x="9" y="3" width="6" height="11" rx="3"/>'
    '<path d="M5.5 11.5a6.5 6.5 0 0013 0M12 18v3"/>',
    "next": '<path d="M9 5l7 7-7 7"/>',
    "ok": '<circle cx="12" cy="12" r="9"/><path d="M8 12.3l2.8 2.8L16 9.8"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 19.5c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 '
    '6.5 5.5M15.5 5.3a3.5 3.5 0 010 6.4M18 14.6c2 .8 3.2 2.5 3.5 4.9"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.8-4 3.7-6 7.5-6s6.7 2 7.5 6"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2.5"/><path d="M11 18.5h2"/>',
    "picture": '<rect x="3" y="5" width="18" height="14" rx="2"/>'
    '<rect x="11.5" y="11" width="6.5" height="5" rx="1"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "printer": '<path d="M7 8V3.5h10V8M7 17H4V8.5h16V17h-3"/>'
    '<rect x="7" y="14" width="10" height="6.5"/>',
    "question": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5a2.5 2.5 0 113.6 2.3c-.7.4-1.1.9-'
    '1.1 1.7M12 16.5v.01"/>',
    "renew": '<path d="M19.5 12a7.5 7.5 0 11-2.3-5.4M19.5 3.5V8H15"/>',
    "screen": '<rect x="3" y="5" width="18" height="11.5" rx="2"/><path d="M9 20h6M12 16.5V20"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="M15.5 15.5L21 21"/>',
    "share": '<rect x="3" y="5" width="18" height="12" rx="2"/>'
    '<path d="M12 14V8.5M9.5 10.7L12 8.3l2.5 2.4M8 20h8"/>',
    "sim": '<path d="M7 3h7l4 4v14H7z"/><rect x="10" y="11" width="5" height="6" rx="1"/>',
    "sound": '<path d="M4 9.5v5h3.5L13 19V5L7.5 9.5z"/>'
    '<path d="M16.5 9a4.5 4.5 0 010 6M19 6.5a8 8 0 010 11"/>',
    "warning": '<path d="M12 4l9 16H3z"/><path d="M12 10v4M12 17v.01"/>',
    "wifi": '<path d="M3 9.5a13 13 0 0118 0M6 13a8.5 8.5 0 0112 0M9 16.5a4.2 4.2 0 016 0'
    'M12 20v.01"/>',
}
