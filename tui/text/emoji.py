"""Emoji by their short names, as `:smile:` means them in most chats. Single characters only, each two
cells wide."""

from __future__ import annotations

_TABLE = """
grinning 😀 smiley 😃 smile 😄 grin 😁 laughing 😆 sweat_smile 😅 rofl 🤣 joy 😂 slight_smile 🙂
upside_down 🙃 wink 😉 blush 😊 innocent 😇 heart_eyes 😍 star_struck 🤩 kissing_heart 😘 yum 😋 tongue 😛
zany 🤪 money_mouth 🤑 hug 🤗 hand_over_mouth 🤭 shush 🤫 thinking 🤔 zipper_mouth 🤐 raised_eyebrow 🤨
neutral 😐 expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 eye_roll 🙄 grimacing 😬 lying 🤥 relieved 😌
pensive 😔 sleepy 😪 drooling 🤤 sleeping 😴 mask 😷 sick 🤒 nauseated 🤢 sneezing 🤧 hot 🥵 cold 🥶
dizzy_face 😵 mind_blown 🤯 cowboy 🤠 party 🥳 sunglasses 😎 nerd 🤓 confused 😕 worried 😟 slight_frown 🙁
open_mouth 😮 astonished 😲 flushed 😳 pleading 🥺 fearful 😨 cold_sweat 😰 cry 😢 sob 😭 scream 😱
disappointed 😞 sweat 😓 weary 😩 tired 😫 yawning 🥱 triumph 😤 rage 😡 angry 😠 cursing 🤬 devil 😈
skull 💀 poop 💩 clown 🤡 ghost 👻 alien 👽 robot 🤖 cat 🐱 dog 🐶 see_no_evil 🙈 hear_no_evil 🙉
speak_no_evil 🙊 wave 👋 raised_hand ✋ ok_hand 👌 crossed_fingers 🤞 metal 🤘 call_me 🤙 point_left 👈
point_right 👉 point_up 👆 point_down 👇 thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 fist ✊ punch 👊 clap 👏
raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 muscle 💪 eyes 👀 brain 🧠 facepalm 🤦 shrug 🤷 bow 🙇
runner 🏃 dancer 💃 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 purple_heart 💜 blue_heart 💙
green_heart 💚 yellow_heart 💛 orange_heart 🧡 black_heart 🖤 white_heart 🤍 100 💯 boom 💥 sweat_drops 💦
dash 💨 zzz 💤 speech_balloon 💬 thought_balloon 💭 fire 🔥 sparkles ✨ star ⭐ glowing_star 🌟 rainbow 🌈
sun 🌞 moon 🌙 snowman ⛄ umbrella ☔ zap ⚡ ocean 🌊 earth 🌍 rose 🌹 four_leaf_clover 🍀 tree 🌳 cactus 🌵
mushroom 🍄 bug 🐛 bee 🐝 turtle 🐢 snake 🐍 whale 🐳 penguin 🐧 unicorn 🦄 crab 🦀 owl 🦉 fox 🦊 bear 🐻
panda 🐼 coffee ☕ tea 🍵 beer 🍺 beers 🍻 wine 🍷 champagne 🍾 cake 🍰 birthday 🎂 pizza 🍕 burger 🍔
fries 🍟 popcorn 🍿 cookie 🍪 apple 🍎 banana 🍌 tada 🎉 confetti 🎊 balloon 🎈 gift 🎁 trophy 🏆 medal 🏅
soccer ⚽ basketball 🏀 dart 🎯 game 🎮 dice 🎲 art 🎨 music 🎵 guitar 🎸 movie 🎬 rocket 🚀 airplane 🛫
car 🚗 bike 🚲 train 🚆 ship 🚢 house 🏠 hourglass ⌛ watch ⌚ alarm ⏰ phone 📱 computer 💻 camera 📷
bulb 💡 book 📖 books 📚 memo 📝 pencil 📝 mail 📧 package 📦 lock 🔒 unlock 🔓 key 🔑 hammer 🔨 wrench 🔧
link 🔗 magnet 🧲 bomb 💣 pill 💊 money 💰 chart 📈 calendar 📅 pushpin 📌 paperclip 📎 mag 🔍 bell 🔔
no_bell 🔕 construction 🚧 rotating_light 🚨 stop 🛑 check ✅ x ❌ question ❓ exclamation ❗ no_entry ⛔
repeat 🔁 plus ➕ minus ➖ green_circle 🟢 red_circle 🔴 yellow_circle 🟡 ok 🆗 new 🆕 sos 🆘
checkered_flag 🏁
"""

EMOJI: dict[str, str] = dict(zip(_TABLE.split()[::2], _TABLE.split()[1::2], strict=True))
"""The emoji by name, without the colons."""
